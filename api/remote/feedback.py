"""Feedback on a server: written, listed, shaped and answered; and scorecards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alignment.errors import NotPermitted
from alignment.feedback import Feedback
from alignment.scorecard import Grade
from api.remote.client import Server, at, known


def add(server: Server, search: str, interview: str, author: str, text: str, name: str) -> Feedback:
    """Put a piece of feedback on record, exactly as written."""
    body = {"as": author, "interview": interview, "text": text, "name": name}
    return known(Feedback, server.post(at("searches", search, "feedback"), body))


def every(server: Server, search: str) -> list[dict[str, Any]]:
    """What was written on the search, as `feedback list` has it: for a personal key that person's."""
    rows = server.pages(at("searches", search, "feedback"))
    return [
        {
            "name": row["feedback"]["name"],
            "interview": row["interview"],
            "interviewer": row["interviewer"],
            "shaped": row["shaped"],
            "raw": row["feedback"]["raw"],
        }
        for row in rows
    ]


def grade(server: Server, search: str, interview: str, grader: str, grades: Sequence[Grade]) -> None:
    """Put one interviewer's scorecard on record."""
    body = {"as": grader, "interview": interview, "grades": [g.model_dump(mode="json") for g in grades]}
    server.post(at("searches", search, "scorecards"), body)


def standing(
    thread: str, shown: list[dict[str, Any]], waiting: Sequence[str], problems: list[dict[str, str]], shaping: dict[str, Any] | None
) -> dict[str, Any]:
    """Where a shaping stands, as `shape --json` prints it: what waits comes first."""
    waits = [c for c in shown if c["claim"] in waiting]
    claims = [*waits, *(c for c in shown if c["claim"] not in waiting)]
    return {"thread": thread, "waiting": waits, "problems": problems, "claims": claims, "shaping": shaping}


@dataclass(frozen=True)
class RemoteShaping:
    """The shaping of a piece of feedback on a server, for whoever answers."""

    server: Server
    search: str
    feedback: str
    name: str

    async def must_be_theirs(self) -> None:
        """Pass where whoever answers wrote the feedback; else NotPermitted, before they are asked."""
        rows = self.server.pages(at("searches", self.search, "feedback"))
        author = next((r["interviewer"] for r in rows if self.feedback in (r["feedback"]["name"], r["feedback"]["id"])), "")
        if author.casefold() != self.name.strip().casefold():
            told = f"{self.name} did not write this feedback"
            raise NotPermitted(told, where=self.feedback, todo="Only its interviewer answers for it.")

    async def look(self) -> dict[str, Any]:
        """Where it stands, shaped where it was not."""
        return self._told(self.server.post(at("searches", self.search, "feedback", self.feedback, "shaping")))

    async def answer(self, answers: list[dict[str, Any]]) -> dict[str, Any]:
        """Where it stands after these answers."""
        body = {"as": self.name, "answers": answers}
        return self._told(self.server.post(at("searches", self.search, "feedback", self.feedback, "answers"), body))

    def _told(self, shaped: dict[str, Any]) -> dict[str, Any]:
        waiting = [w["id"] for w in shaped["waiting"]]
        return standing(shaped["thread"], shaped["claims"], waiting, shaped["problems"], shaped["shaping"])
