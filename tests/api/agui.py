"""A plain AG-UI client for tests: every stream that it reads is held to the protocol by a validator and by the protocol's own models."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from ag_ui.core import Event
from ag_ui_validate.pytest_plugin import validate_agui
from pydantic import TypeAdapter

FEATURES = ["agentic-chat", "backend-tool-rendering", "human-in-the-loop", "shared-state"]
# Said of every shaping that is told sentence by sentence: the state that the run leaves takes the place of what was worded so far.
MEANT = {"AGUI304"}
EVENT: TypeAdapter[Any] = TypeAdapter(Event)


@dataclass(frozen=True)
class Ran:
    """One run's events, which are a valid stream."""

    events: list[dict[str, Any]]
    comments: int = 0

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [e for e in self.events if e["type"] == kind]

    @property
    def kinds(self) -> list[str]:
        """The events by type in their order, repeated ones once."""
        told = [e["type"] for e in self.events]
        return [kind for n, kind in enumerate(told) if n == 0 or told[n - 1] != kind]

    @property
    def text(self) -> str:
        return "".join(e["delta"] for e in self.of("TEXT_MESSAGE_CONTENT"))

    @property
    def outcome(self) -> dict[str, Any]:
        found: dict[str, Any] = self.of("RUN_FINISHED")[0]["outcome"]
        return found

    @property
    def interrupts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.outcome.get("interrupts", [])
        return found

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.of("STATE_SNAPSHOT")[-1]["snapshot"]
        return found

    @property
    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.of("MESSAGES_SNAPSHOT")[-1]["messages"]
        return found

    @property
    def error(self) -> dict[str, Any]:
        assert self.events[-1]["type"] == "RUN_ERROR", self.kinds
        return self.events[-1]


def read(lines: Iterator[str] | list[str]) -> Ran:
    """The events in the lines of a stream, held to the protocol."""
    events, comments = [], 0
    for line in lines:
        assert line == "" or line.startswith(("data: ", ": ")), line
        comments += line.startswith(": ")
        if line.startswith("data: "):
            events.append(json.loads(line.removeprefix("data: ")))
    # A run that fails leaves the state as the client has it.
    failed = events[-1]["type"] == "RUN_ERROR"
    report = validate_agui(events, features=[f for f in FEATURES if not failed or f != "shared-state"])
    assert [(d.rule, d.message) for d in report.diagnostics if d.rule not in MEANT] == []
    assert report.internal_errors == []
    for event in events:
        told = EVENT.validate_python(event)
        assert json.loads(told.model_dump_json(by_alias=True)) == event
        assert not told.model_extra
    return Ran(events, comments)


@dataclass
class Talk:
    """One conversation as a front end holds it: it sends the whole of its messages and its state each time."""

    client: httpx.Client
    agent: str
    props: dict[str, Any]
    thread: str = field(default_factory=lambda: uuid4().hex)
    messages: list[dict[str, Any]] = field(default_factory=list)
    state: Any = None

    def input(self, **given: Any) -> dict[str, Any]:
        told = {"threadId": self.thread, "runId": uuid4().hex, "messages": self.messages, "forwardedProps": self.props, **given}
        return told if self.state is None else {"state": self.state, **told}

    def send(self, **given: Any) -> httpx.Response:
        """One run as it stands; what it leaves is not kept."""
        return self.client.post(f"/agui/{self.agent}", json=self.input(**given))

    def run(self, **given: Any) -> Ran:
        """One run, and what it leaves."""
        response = self.send(**given)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/event-stream")
        ran = read(response.text.split("\n"))
        if ran.events[-1]["type"] == "RUN_FINISHED":
            self.messages, self.state = ran.messages, ran.state
        return ran

    def say(self, text: str, **given: Any) -> Ran:
        """A message, and what is answered."""
        self.messages = [*self.messages, {"id": uuid4().hex, "role": "user", "content": text}]
        return self.run(**given)

    def resume(self, *entries: dict[str, Any], **given: Any) -> Ran:
        """Answers to what waits."""
        return self.run(resume=list(entries), **given)


def resolved(interrupt: dict[str, Any], payload: Any) -> dict[str, Any]:
    return {"interruptId": interrupt["id"], "status": "resolved", "payload": payload}


def cancelled(interrupt: dict[str, Any]) -> dict[str, Any]:
    return {"interruptId": interrupt["id"], "status": "cancelled"}
