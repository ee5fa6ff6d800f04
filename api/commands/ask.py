"""`plumbline ask`: questions to the referee about one candidate, one or a whole conversation."""

import json
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from agents.room import ask, forget
from agents.workbench import Workbench
from alignment.errors import Refused
from alignment.people import Search
from api import screen
from api.remote.chosen import server
from api.remote.debriefs import RemoteRoom
from api.session import desk, run, search_called

LEAVES = ("quit", "exit", "q", ":q", "bye")


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("ask")(ask_referee)


def ask_referee(
    question: Annotated[str, typer.Argument(help="The question; without one, a conversation begins.")] = "",
    search: Annotated[str, typer.Option("--search", help="The search's short name.")] = "",
    as_: Annotated[str, typer.Option("--as", help="Who is asking, by name: the recruiter, the hiring manager or an interviewer.")] = "",
    candidate: Annotated[str, typer.Option(help="The candidate's name, where the search has several.")] = "",
    thread: Annotated[str, typer.Option(help="Which of your conversations goes on; each remembers what was asked before.")] = "main",
    new: Annotated[bool, typer.Option("--new", help="Begin the conversation anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Ask what the record holds of a candidate: what was said, who tested what, why two readers are apart.

    Every sentence of an answer shows what it rests on, or says that the record does not hold it. It recommends nothing. A question may
    refer to the one before: "and in the second interview?".
    """

    async def work() -> None:
        async with AsyncExitStack() as stack:
            room: _Room | RemoteRoom
            if remote := server():
                room = RemoteRoom(remote, search, as_, candidate, thread)
            else:
                bench, organisation = await stack.enter_async_context(desk())
                room = _Room(bench, await search_called(bench, organisation, search), as_, candidate, thread)
            if new:
                await room.forget()
            if question:
                _tell(await room.ask(question), as_json)
            elif not new or sys.stdin.isatty():
                await _converse(room, as_json)

    run(work())


async def _converse(room: "_Room | RemoteRoom", as_json: bool) -> None:
    asks = sys.stdin is not None and sys.stdin.isatty()
    if asks:
        screen.note("Ask about the candidate; quit or Ctrl-D leaves.")
    while True:
        if asks:
            screen.out.print("> ", end="")
        line = sys.stdin.readline() if sys.stdin else ""
        if not line or line.strip().casefold() in LEAVES:
            return
        if line.strip():
            try:
                answer = await room.ask(line)
                # Of several answers a script reads one a line.
                typer.echo(json.dumps(answer, ensure_ascii=False, separators=(",", ":"))) if as_json else _tell(answer, False)
            except Refused as e:
                if not asks:
                    raise
                screen.note(str(e))


@dataclass(frozen=True)
class _Room:
    bench: Workbench
    search: Search
    name: str
    candidate: str
    thread: str

    async def ask(self, question: str) -> dict[str, Any]:
        answer = await ask(self.bench, self.search, self.name, question, candidate=self.candidate, thread=self.thread)
        return answer.model_dump(mode="json")

    async def forget(self) -> None:
        await forget(self.bench, self.search, self.name, candidate=self.candidate, thread=self.thread)


def _tell(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        screen.as_json(answer)
        return
    for sentence in answer["sentences"]:
        screen.say(sentence["text"], "" if sentence["held"] else "italic")
