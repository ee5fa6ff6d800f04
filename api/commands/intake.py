"""`plumbline intake`: from a captured call, or question by question in the terminal, to the draft of a contract that both sides sign."""

import select
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.ingestion import read_file
from agents.intake import Session, capture, open_intake, say, side_of
from agents.intake_agent.captured import Captured
from agents.workbench import Workbench
from alignment.contract import Contract, Side
from alignment.errors import BadSettings, Refused
from alignment.people import Person, Search
from api import screen
from api.commands.contract import show_contract
from api.session import Model, NoFallback, desk, judge, run, search_called

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

    async def work() -> int:
        async with desk(**given) as (bench, organisation):
            found = await search_called(bench, organisation, search)
            if file:
                contract, captured = await capture(bench, found, read_file(file), _mapped(mapping or []))
                _tell_captured(contract, captured, as_json)
                return 0
            if words or as_:
                return _tell(found, await _say_once(bench, found, as_, words), as_json)
            return await _converse(bench, found, as_json)

    if code := run(work()):
        raise typer.Exit(code)


async def _say_once(bench: Workbench, search: Search, name: str, words: str) -> Session:
    session = await open_intake(bench, search)
    if session.pending is None:
        return session
    return await say(bench, search, side_of(search, name), words, to=session.pending["n"])


async def _converse(bench: Workbench, search: Search, as_json: bool) -> int:
    session = await open_intake(bench, search)
    if as_json or not session.pending:
        return _tell(search, session, as_json)
    screen.note("One question at a time. Ctrl-D leaves; the same command goes on from here.")
    while session.pending:
        screen.say(f"\n{session.pending['text']}")
        side, words = _heard(search, session.pending["to"])
        if words is None:
            screen.note(f"\nLeft at question {session.pending['n']}; go on with: plumbline intake --search {search.slug}")
            return 0
        if words.casefold() in LEAVES:
            screen.note(f"Left at question {session.pending['n']}; go on with: plumbline intake --search {search.slug}")
            return 0
        if words.casefold() in ASKS_HELP:
            screen.note(HELP)
        elif words:
            before = len(session.turns)
            try:
                session = await say(bench, search, side, words, to=session.pending["n"])
            except Refused as e:
                screen.note(str(e))
            _tell_noted(session, before)
    return _tell(search, session, as_json)


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
    """A line, and what was pasted with it; Ctrl-C leaves at once, which it would not while the event loop holds it back."""
    if sys.stdin is None:
        return ""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        line = sys.stdin.readline()
        while line and sys.stdin.isatty() and select.select([sys.stdin], [], [], PASTED_S)[0]:
            line += sys.stdin.readline()
    except UnicodeDecodeError as e:
        raise BadSettings("That answer is not UTF-8 text", where="standard input", todo="Type it again, or save it as UTF-8.") from e
    finally:
        signal.signal(signal.SIGINT, before)
    return line


def _called(search: Search, lead: str) -> Side | None:
    """The side whose person is called so, by the whole name or the first."""
    sides: tuple[tuple[Side, Person | None], ...] = (("recruiter", search.recruiter), ("hiring_manager", search.hiring_manager))
    told = lead.strip().casefold()
    meant = [side for side, person in sides if person and told in (person.name.casefold(), person.name.split()[0].casefold())]
    return meant[0] if len(meant) == 1 else None


def _tell(search: Search, session: Session, as_json: bool) -> int:
    if as_json:
        contract = session.contract.model_dump(mode="json") if session.contract else None
        told = {
            "pending": session.pending,
            "turns": session.turns,
            "draft": session.draft,
            "missing": session.missing,
            "done": session.done,
        }
        screen.as_json({**told, "contract": contract})
        return 0
    if session.pending:
        to = session.pending["to"]
        screen.say(f"{session.pending['text']}\n")
        screen.note(f"Put to {_name(search, to)}.")
    if session.contract:
        show_contract(session.contract)
        if session.done == "open":
            screen.note(_why_open(search, session))
    return 0


def _why_open(search: Search, session: Session) -> str:
    if not session.missing and search.recruiter is None:
        return "Not signed: the search has no recruiter, and both sides sign."
    if session.contract and session.contract.signed:
        left = ", ".join(session.missing) or "the draft"
        return f"Version {session.contract.version} stays as it was signed: {left} stayed open in this intake."
    return f"Not signed: {', '.join(session.missing) or 'the draft'} stayed open. The same command goes on with what is missing."


def _tell_captured(contract: Contract, captured: Captured, as_json: bool) -> None:
    if as_json:
        left = {"unverified": captured.unverified, "injections": captured.injections}
        screen.as_json({"contract": contract.model_dump(mode="json"), **left, "judged": captured.by.model_dump()})
        return
    show_contract(contract)
    for words in captured.injections:
        screen.note(f"Reported, and not followed: “{words}”")
    for why in captured.unverified:
        screen.note(f"Left out, since it could not be verified: {why}")
    if captured.by.why:
        screen.note(f"The rules stood in: {captured.by.why}")


def _tell_noted(session: Session, before: int) -> None:
    """What the last answer held that was not followed, told to whoever gave it."""
    from agents.language.injections import addressed

    for turn in session.turns[before:]:
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
