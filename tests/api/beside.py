"""The same record twice: one home that a server holds, and one that the command line opens itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.api.cast import Ran, run_in
from tests.api.served import Served

TIMES = ("at", "made_at")


@dataclass(frozen=True)
class Beside:
    """A server and its key; `home` holds what the server's home held when it started."""

    served: Served
    key: str
    home: Path
    nowhere: Path

    def local(self, *args: str, stdin: str = "", terminal: bool = False) -> Ran:
        """Run a command over the home."""
        return run_in(args, self.home, stdin, terminal)

    def remote(self, *args: str, stdin: str = "", terminal: bool = False, key: str = "", url: str = "") -> Ran:
        """Run a command through the server; of one's own home nothing is there, or comes to be."""
        ran = run_in(("--server", url or self.served.url, *args), self.nowhere, stdin, terminal, PLUMBLINE_KEY=key or self.key)
        assert not self.nowhere.exists(), f"{args} opened a home"
        assert "Traceback" not in ran.err
        return ran

    def same(self, *args: str, stdin: str = "") -> Any:
        """What a command prints as JSON, which is the same both ways but for when it was done."""
        ways = [run(*args, "--json", stdin=stdin) for run in (self.local, self.remote)]
        assert [w.code for w in ways] == [0, 0], [w.err for w in ways]
        assert timeless(ways[0].json) == timeless(ways[1].json)
        return ways[1].json

    def same_words(self, *args: str, stdin: str = "") -> Ran:
        """What a command prints for people, which is the same both ways, to the exit code."""
        here, there = [run(*args, stdin=stdin) for run in (self.local, self.remote)]
        assert (here.code, here.out, here.err) == (there.code, there.out, there.err)
        return there


def timeless(value: Any) -> Any:
    """The value without when it was done."""
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in TIMES}
    return [timeless(v) for v in value] if isinstance(value, list) else value
