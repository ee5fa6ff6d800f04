"""`python -m evals`: is this model, prompt, embedder or rule better, by how much, and can that be trusted?"""

import sys

import typer

from alignment.errors import PlumblineError
from evals.commands import reading, running
from evals.commands.writing import reason

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
app.command()(running.suites)
app.command("run")(running.run_suites)
app.command()(running.matrix)
app.command()(reading.show)
app.command()(reading.compare)
app.command()(reading.gate)
app.command()(reading.baseline)
app.command()(reading.report)
app.command()(reading.export)
app.command()(reading.clean)

INTERRUPTED = 130


def main() -> None:
    """Run the command line; failures end in one sentence on standard error and exit code 2."""
    try:
        app()
    except PlumblineError as e:
        running.err_console.print(str(e), style="red", markup=False, soft_wrap=True)
        sys.exit(2)
    except OSError as e:  # a disk that is full, a folder that is no longer there: nothing to mend in the program
        running.err_console.print(f"That did not work: {reason(e)}.", style="red", markup=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        _interrupted()
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer turns Ctrl-C into an exit without a word
            _interrupted()
        raise


def _interrupted() -> None:
    running.err_console.print("Interrupted. What was asked is kept, unless --no-cache was given: the same command goes on from there.")


if __name__ == "__main__":
    main()
