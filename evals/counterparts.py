"""Scripted counterparts for a live intake: recruiter and hiring manager, who answer by what they are asked for."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alignment.contract import Side
from alignment.errors import BadRequest

RECRUITER: Side = "recruiter"
MANAGER: Side = "hiring_manager"
NO_IDEA = "I don't know."
Line = tuple[str, str]


@dataclass
class Counterpart:
    """Both sides of one session; `lines` are (side, text) by move, or by `move:side`, in the order in which they are said.

    Asked the same once too often, a counterpart says its last line again.
    """

    name: str
    lines: Mapping[str, tuple[Line, ...]]
    said: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def answer(self, move: str, to: str, question: str) -> Line:
        """The next line for that move, which is put to one of the sides or to both."""
        asked = to if to in (RECRUITER, MANAGER) else MANAGER
        rows = self.lines.get(f"{move}:{to}") or self.lines.get(move) or ((asked, NO_IDEA),)
        n = self.said[move + to]
        self.said[move + to] += 1
        return rows[min(n, len(rows) - 1)]


def counterpart_of(name: str, given: Mapping[str, Any]) -> Counterpart:
    """A counterpart from a case's `given`: {"lines": {move: [[side, text], …]}}; BadRequest where it is none."""
    try:
        lines = {move: tuple((side, text) for side, text in rows) for move, rows in given["lines"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as e:
        raise BadRequest("A counterpart has lines by move, each a side and a text", where=name) from e
    if wrong := next((side for rows in lines.values() for side, _ in rows if side not in (RECRUITER, MANAGER)), None):
        raise BadRequest(f"Nobody on a counterpart's two sides is called {wrong}", where=name, todo="Write recruiter or hiring_manager.")
    return Counterpart(name, lines)
