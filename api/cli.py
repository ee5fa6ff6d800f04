"""`plumbline`: every command, its exit codes, and how a failure is told."""

import io
import sys
from typing import Annotated

import typer

from alignment.errors import Conflict, NotFound, PlumblineError, Refused, Unavailable, Unreadable
from api import screen
from api.commands import ask, contract, corpus, debrief, demo, feedback, find, ingest, intake, models, organisation, replay, search

EXIT_CODES: tuple[tuple[type[PlumblineError], int], ...] = ((NotFound, 3), (Conflict, 4), (Refused, 5), (Unreadable, 6), (Unavailable, 7))
INTERRUPTED = 130

app = typer.Typer(
    name="plumbline",
    help="Alignment infrastructure for hiring teams: contracts, shaped feedback, and every sentence checked against the record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
organisation.register(app)
search.register(app)
intake.register(app)
contract.register(app)
ingest.register(app)
find.register(app)
feedback.register(app)
debrief.register(app)
ask.register(app)
corpus.register(app)
replay.register(app)
models.register(app)
demo.register(app)


def exit_code(error: PlumblineError) -> int:
    """The exit code of a failure: 3 not found, 4 conflict, 5 refused, 6 unreadable, 7 unavailable, 1 anything else."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"plumbline {version('plumbline')}")
        raise typer.Exit


@app.callback()
def plumbline(
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Interviews in, vague feedback in; statements tied to a criterion and a minute out, or an honest question."""


def main() -> None:
    """Run the command line; failures end in one sentence on standard error and an exit code, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # What this terminal's encoding cannot show is shown as a question mark, and ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except PlumblineError as e:
        screen.fail(e)
        sys.exit(exit_code(e))
    except KeyboardInterrupt:
        screen.say_interrupted()
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer turns Ctrl-C into an exit without a word
            screen.say_interrupted()
        raise
