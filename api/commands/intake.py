"""`plumbline intake`: from a captured call, or question by question in the terminal, to the draft of a contract that both sides sign."""

import select
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.ingestion import read_file
from agents.intake import capture, open_intake, say, side_of
from agents.workbench import Workbench
from alignment.contract import Side
from alignment.errors import BadSettings, Refused
from alignment.people import Person, Search
from api import screen
from api.commands.contract import show_contract
from api.interrupts import interruptible
from api.remote.chosen import refuse, server
from api.remote.intake import RemoteSitting
from api.remote.searches import called
from api.session import Model, NoFallback, desk, judge, run, search_called
from api.states import drafted, intake_state

SPOKEN = {"recruiter": "recruiter", "hiring_manager": "hiring manager"}
PREFIXES: dict[str, Side] = {"r": "recruiter", "recruiter": "recruiter", "m": "hiring_manager", "manager": "hiring_manager"}
LEAVES = ("quit", "exit", "q", ":q", "bye")
ASKS_HELP = ("help", "?", "h")
HELP = (
    "Answer in your own words; `r:` or `m:` in front says who speaks. “I don't know” goes on, what you say at the reading back changes the "
    "draft (“M1 should say …”, “drop T2”), and quit or Ctrl-D leaves: the same command goes on from there."
)
PASTED_S = 0.05
"""How soon after a line the next one comes where somebody pasted them together."""


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("intake")(intake)


def intake(
    search: Annotated[str, typer.Option("--search", help="The search's short name.")],
    file: Annotated[Path | None, typer.Option("--from", help="The transcript of a call: draft the contract from it.")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--speaker", help="LABEL=NAME: who a label of the transcript stands for.")] = None,
    as_: Annotated[str, typer.Option("--as", help="With --say: who answers, by name.")] = "",
    words: Annotated[str, typer.Option("--say", help="Answer the question that waits, and print the next.")] = "",
    model: Model = "",
    no_fallback: NoFallback = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Settle what a role needs: three must-haves, two trade-offs, one deal-breaker.

    With --from, out of the transcript of a call. Without, in an interview: one question at a time, answered by whom it is put to, or by
    the other side with `r:` or `m:` in front. It can be left at any time, and goes on where it stood. Each answer is on record at once.
    """
    given = judge(model, **({"fallback": "none"} if no_fallback else {}))
    labels = _mapped(mapping or [])

    async def work() -> None:
        async with AsyncExitStack() as stack:
            sitting: _Sitting | RemoteSitting
            if remote := server():
                refuse(model=model, no_fallback=no_fallback)
                sitting = RemoteSitting(remote, called(remote, search))
            else:
                bench, organisation = await stack.enter_async_context(desk(**given))
                sitting = _Sitting(bench, await search_called(bench, organisation, search))
            if file:
                _tell_captured(await sitting.capture(file, labels), as_json)
            elif words or as_:
                _tell(sitting.search, await _say_once(sitting, as_, words), as_json)
            else:
                await _converse(sitting, as_json)

    run(work())


@dataclass(frozen=True)
class _Sitting:
    """The intake of a search in the record at hand; what its methods tell is what the API tells, as JSON."""

    bench: Workbench
    search: Search

    async def look(self) -> dict[str, Any]:
        return intake_state(self.search, await open_intake(self.bench, self.search)).model_dump(mode="json")

    async def say(self, side: Side, words: str, to: int) -> dict[str, Any]:
        return intake_state(self.search, await say(self.bench, self.search, side, words, to=to)).model_dump(mode="json")

    async def capture(self, file: Path, labels: dict[str, str]) -> dict[str, Any]:
        return drafted(*await capture(self.bench, self.search, read_file(file), labels)).model_dump(mode="json")


async def _say_once(sitting: _Sitting | RemoteSitting, name: str, words: str) -> dict[str, Any]:
    session = await sitting.look()
    if session["pending"] is None:
        return session
    return await sitting.say(side_of(sitting.search, name), words, session["pending"]["n"])


async def _converse(sitting: _Sitting | RemoteSitting, as_json: bool) -> None:
    session, search = await sitting.look(), sitting.search
    if as_json or not session["pending"]:
        _tell(search, session, as_json)
        return
    screen.note("One question at a time. Ctrl-D leaves; the same command goes on from here.")
    while pending := session["pending"]:
        screen.say(f"\n{pending['text']}")
        side, words = _heard(search, pending["to"])
        if words is None or words.casefold() in LEAVES:
            left = f"Left at question {pending['n']}; go on with: plumbline intake --search {search.slug}"
            screen.note(left if words else f"\n{left}")
            return
        if words.casefold() in ASKS_HELP:
            screen.note(HELP)
        elif words:
            before = len(session["turns"])
            try:
                session = await sitting.say(side, words, pending["n"])
            except Refused as e:
                screen.note(str(e))
            _tell_noted(session, before)
    _tell(search, session, as_json)


def _heard(search: Search, to: str) -> tuple[Side, str | None]:
    side: Side = "recruiter" if to == "recruiter" else "hiring_manager"
    if sys.stdin and sys.stdin.isatty():
        screen.say(f"{_name(search, side)} ({SPOKEN[side]}) > ", "bold")
    line = _typed()
    if not line:
        return side, None
    lead, colon, rest = line.partition(":")
    if colon and (named := PREFIXES.get(lead.strip().lower()) or _called(search, lead)):
        return named, rest.strip()
    return side, line.strip()


def _typed() -> str:
    """A line, and what was pasted with it."""
    if sys.stdin is None:
        return ""
    try:
        with interruptible():
            line = sys.stdin.readline()
            while line and sys.stdin.isatty() and select.select([sys.stdin], [], [], PASTED_S)[0]:
                line += sys.stdin.readline()
    except UnicodeDecodeError as e:
        raise BadSettings("That answer is not UTF-8 text", where="standard input", todo="Type it again, or save it as UTF-8.") from e
    return line


def _called(search: Search, lead: str) -> Side | None:
    """The side whose person is called so, by the whole name or the first."""
    sides: tuple[tuple[Side, Person | None], ...] = (("recruiter", search.recruiter), ("hiring_manager", search.hiring_manager))
    told = lead.strip().casefold()
    meant = [side for side, person in sides if person and told in (person.name.casefold(), person.name.split()[0].casefold())]
    return meant[0] if len(meant) == 1 else None


def _tell(search: Search, session: dict[str, Any], as_json: bool) -> None:
    state = session["contract"]
    if as_json:
        told = {name: session[name] for name in ("pending", "turns", "draft", "missing")}
        screen.as_json({**told, "done": session["ended"], "contract": state and state["contract"]})
        return
    if pending := session["pending"]:
        screen.say(f"{pending['text']}\n")
        screen.note(f"Put to {_name(search, pending['to'])}.")
    if state:
        show_contract(state)
        if session["ended"] == "open":
            screen.note(_why_open(search, state, session["missing"]))


def _why_open(search: Search, state: dict[str, Any], missing: list[str]) -> str:
    left = ", ".join(missing) or "the draft"
    if not missing and search.recruiter is None:
        return "Not signed: the search has no recruiter, and both sides sign."
    if state["signed"]:
        return f"Version {state['contract']['version']} stays as it was signed: {left} stayed open in this intake."
    return f"Not signed: {left} stayed open. The same command goes on with what is missing."


def _tell_captured(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        screen.as_json({name: told[name] for name in ("contract", "unverified", "injections", "judged")})
        return
    show_contract(told)
    for words in told["injections"]:
        screen.note(f"Reported, and not followed: “{words}”")
    for why in told["unverified"]:
        screen.note(f"Left out, since it could not be verified: {why}")
    if told["judged"]["why"]:
        screen.note(f"The rules stood in: {told['judged']['why']}")


def _tell_noted(session: dict[str, Any], before: int) -> None:
    """What the last answer held that was not followed, told to whoever gave it."""
    from agents.language.injections import addressed

    for turn in session["turns"][before:]:
        for start, end in addressed(turn["text"]) if turn["by"] else ():
            screen.note(f"Reported, and not followed: “{turn['text'][start:end]}”")


def _name(search: Search, side: Any) -> str:
    person = search.recruiter if side == "recruiter" else search.hiring_manager
    return person.name if person else SPOKEN.get(side, "either side")


def _mapped(told: list[str]) -> dict[str, str]:
    pairs = [t.partition("=") for t in told]
    if bad := next((label for label, sign, name in pairs if not sign or not name.strip()), None):
        raise BadSettings(f"--speaker {bad} maps nothing", where="--speaker", todo="Write LABEL=NAME.")
    return {label.strip(): name.strip() for label, _, name in pairs}
