"""`plumbline`: every command, its exit codes, and how a failure is told."""

import gc
import importlib
import io
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated

import typer

from alignment.errors import Conflict, NotFound, PlumblineError, Refused, Unavailable, Unreadable
from api import screen
from api.remote.chosen import choose

EXIT_CODES: tuple[tuple[type[PlumblineError], int], ...] = ((NotFound, 3), (Conflict, 4), (Refused, 5), (Unreadable, 6), (Unavailable, 7))
INTERRUPTED = 130

# By the first word of a command line the module that has it, so that a command waits for nothing that it does not use.
COMMANDS: Mapping[str, str] = {
    "organisation": "organisation",
    "search": "search",
    "intake": "intake",
    "contract": "contract",
    "ingest": "ingest",
    "reindex": "ingest",
    "capture": "capture",
    "jobs": "capture",
    "speakers": "speakers",
    "copy": "copies",
    "clip": "clip",
    "watch": "watch",
    "consent": "consent",
    "erase": "erase",
    "redact": "redact",
    "hold": "keeping",
    "retention": "keeping",
    "find": "find",
    "feedback": "feedback",
    "shape": "feedback",
    "scorecard": "feedback",
    "debrief": "debrief",
    "ask": "ask",
    "corpus": "corpus",
    "replay": "replay",
    "models": "models",
    "demo": "demo",
    "serve": "serve",
    "key": "key",
    "backup": "backups",
    "restore": "backups",
}


def make_app(command: str = "") -> typer.Typer:
    """The command line, with every command, or as much of it as has that one."""
    app = typer.Typer(
        name="plumbline",
        help="Alignment infrastructure for hiring teams: contracts, shaped feedback, and every sentence checked against the record.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    app.callback()(plumbline)
    for module in dict.fromkeys([COMMANDS[command]] if command in COMMANDS else COMMANDS.values()):
        importlib.import_module(f"api.commands.{module}").register(app)
    return app


def exit_code(error: PlumblineError) -> int:
    """The exit code of a failure: 3 not found, 4 conflict, 5 refused, 6 unreadable, 7 unavailable, 1 anything else."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"plumbline {version('plumbline')}")
        raise typer.Exit


def plumbline(
    context: typer.Context,
    server: Annotated[
        str, typer.Option("--server", help="Speak to the server at this URL, with the key in PLUMBLINE_KEY; else PLUMBLINE_SERVER says.")
    ] = "",
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Interviews in, vague feedback in; statements tied to a criterion and a minute out, or an honest question."""
    if made := choose(server, context.invoked_subcommand or ""):
        context.call_on_close(made.close)


def main() -> None:
    """Run the command line; failures end in one sentence on standard error and an exit code, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # What this terminal's encoding cannot show is shown as a question mark, and ends nothing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    command = next((word for before, word in pairwise(sys.argv) if not word.startswith("-") and before != "--server"), "")
    # What is loaded now stays: the collector has nothing to find in it, and would walk it all again and again while it grows.
    gc.disable()
    try:
        app = make_app(command)
        gc.freeze()
        gc.enable()
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
