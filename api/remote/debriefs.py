"""What a server's record holds: moments, packets, the referee's answers, questions over all searches."""

from dataclasses import dataclass
from typing import Any

from api.remote.client import MARKDOWN, Server, at, told


def moments(server: Server, question: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """The moments that answer a question, best first."""
    return list(server.get(at("moments"), q=question, **wanted)["items"])


def packet(server: Server, search: str, name: str, candidate: str, close: bool) -> tuple[Any, str]:
    """The packet on a candidate as JSON and as Markdown, after closing the round where that is wanted."""
    if close:
        server.post(at("searches", search, "rounds", "close"), {"as": name, "candidate": candidate})
    about = {"as": name, "candidate": candidate}
    held = server.get(at("searches", search, "debrief"), **about)
    return held, server.file(at("searches", search, "debrief.md"), **about).decode()


def over_all(server: Server, question: str, as_json: bool) -> Any:
    """The answer over all searches as JSON, or in words."""
    accepted = {"Accept": "application/json" if as_json else MARKDOWN}
    response = server.send("POST", at("corpus", "questions"), json={"question": question}, headers=accepted)
    return told(response) if as_json else response.text


@dataclass(frozen=True)
class RemoteRoom:
    """One reader's conversation with the referee of a server about a candidate."""

    server: Server
    search: str
    name: str
    candidate: str
    thread: str

    async def ask(self, question: str) -> dict[str, Any]:
        """The answer, as JSON."""
        body = {"as": self.name, "question": question, "candidate": self.candidate, "thread": self.thread}
        answered: dict[str, Any] = self.server.post(at("searches", self.search, "questions"), body)
        return answered

    async def forget(self) -> None:
        """Begin the conversation anew."""
        about = {"as": self.name, "candidate": self.candidate, "thread": self.thread}
        self.server.send("DELETE", at("searches", self.search, "questions"), params=about)
