"""The intake of a search on a server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.ingestion import bytes_of
from alignment.contract import Side
from alignment.errors import NotFound
from alignment.people import Search
from api.remote.client import Server, at, told
from corpus.importers import read_transcript


@dataclass(frozen=True)
class RemoteSitting:
    """The intake of a search on a server; what its methods tell is what the API tells, as JSON."""

    server: Server
    search: Search

    async def look(self) -> dict[str, Any]:
        """Where it stands, begun where it was not."""
        state: dict[str, Any] = self.server.post(at("searches", self.search.slug, "intake"))
        return state

    async def say(self, side: Side, words: str, to: int) -> dict[str, Any]:
        """Where it stands once that side has answered the question of that number."""
        person = self.search.recruiter if side == "recruiter" else self.search.hiring_manager
        if person is None:
            raise NotFound(f"The search has no {side.replace('_', ' ')}", where=self.search.slug)
        state: dict[str, Any] = self.server.post(
            at("searches", self.search.slug, "intake", "answers"), {"as": person.name, "text": words, "to": to}
        )
        return state

    async def capture(self, file: Path, labels: dict[str, str]) -> dict[str, Any]:
        """The draft that the transcript of a call comes to; a file that is none is not sent."""
        content = bytes_of(file)
        read_transcript(content, where=str(file))
        speakers = [f"{label}={name}" for label, name in labels.items()]
        place = at("searches", self.search.slug, "intake", "transcript")
        drafted: dict[str, Any] = told(self.server.send("POST", place, params={"speaker": speakers}, content=content))
        return drafted
