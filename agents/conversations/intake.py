"""The intake agent in conversation: it asks one question at a time, and what is said is the answer."""

import re
from typing import Literal

from agents.conversations.message import Answer, Message, unknown, waits_in
from agents.conversations.telling import Footnotes, contract_told
from agents.intake import Session, open_intake, say, side_of
from agents.intake_agent.judgements import Move
from agents.intake_agent.state import TurnState
from agents.language.injections import addressed
from agents.workbench import Workbench
from alignment.contract import Side
from alignment.conversation import Agent, AgentTurn, Waiting
from alignment.errors import BadRequest
from alignment.people import Search
from alignment.settings import RULES

OPENINGS = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening)|(?:let's |please |ok(?:ay)? )?(?:start|begin|go|go on|continue|ready))\W*", re.I
)
"""What opens a conversation and answers nothing."""

PREFIXES: dict[str, Side] = {"r": "recruiter", "recruiter": "recruiter", "m": "hiring_manager", "manager": "hiring_manager"}
SPOKEN = {"recruiter": "recruiter", "hiring_manager": "hiring manager"}


async def turn(bench: Workbench, search: Search, message: Message) -> AgentTurn:
    """The next question after what was said, or what the intake came to."""
    if message.person:
        side_of(search, message.person)  # whoever is neither side holds no intake, and is told nothing of it
    session = await open_intake(bench, search)
    if message.resume is not None:
        return await _told(bench, search, await _resumed(bench, search, message, session))
    if message.said and not (OPENINGS.fullmatch(message.last) and not message.heard) and not _sent_before(message, session):
        side, words = _whose(search, message)
        pending = session.pending
        # An answer to a question that no longer waits is no answer to the one that does.
        to = -1 if pending is None or (message.heard and pending["text"] not in message.heard) else pending["n"]
        if pending or message.name:
            session = await say(bench, search, side, words, to=to, key=message.name)
    return await _told(bench, search, session)


async def _resumed(bench: Workbench, search: Search, message: Message, session: Session) -> Session:
    """The session after what was answered to its question; a question that was answered before is left as it is."""
    for given in message.resume or ():
        id = waits_in(_thread(search), given)
        if not any(str(n) == id and not t["by"] for n, t in enumerate(session.turns)):
            raise unknown(given)
        if given.left or session.pending is None or str(session.pending["n"]) != id:
            continue
        session = await say(bench, search, _side(search, message), _words(given), to=session.pending["n"], key=message.key)
    return session


def _words(answer: Answer) -> str:
    words = answer.given.get("text") if isinstance(answer.given, dict) else answer.given
    if not isinstance(words, str):
        raise BadRequest("An answer to a question is words", where=answer.called, todo='Send a text, or {"text": …}.')
    return words


def _thread(search: Search) -> str:
    return f"intake-{search.slug}"


def _whose(search: Search, message: Message) -> tuple[Side, str]:
    lead, colon, rest = message.last.partition(":")
    if message.names_others and colon and rest.strip() and (named := _called(search, lead)):
        return named, rest.strip()
    return _side(search, message), message.last


def _side(search: Search, message: Message) -> Side:
    if not message.person:
        raise BadRequest(
            "The message does not say who is speaking", where="person", todo="Name the recruiter or the hiring manager of the search."
        )
    return side_of(search, message.person)


def _called(search: Search, lead: str) -> Side | None:
    told = lead.strip().casefold()
    if told in PREFIXES:
        return PREFIXES[told]
    sides: tuple[tuple[Side, str], ...] = (
        ("recruiter", search.recruiter.name if search.recruiter else ""),
        ("hiring_manager", search.hiring_manager.name if search.hiring_manager else ""),
    )
    meant = [side for side, name in sides if name and told in (name.casefold(), name.split()[0].casefold())]
    return meant[0] if len(meant) == 1 else None


def _sent_before(message: Message, session: Session) -> bool:
    said = [t for t in session.turns if t["by"]]
    return message.resent and not message.name and bool(said) and said[-1]["text"] == message.last


async def _told(bench: Workbench, search: Search, session: Session) -> AgentTurn:
    notes = Footnotes({})
    parts = [f"Reported, and not followed: “{words}”" for words in _injected(session.turns)]
    if session.pending:
        parts.append(session.pending["text"])
    elif session.contract:
        for criterion in session.contract.criteria:
            for said in criterion.said:
                notes.number(said)
        parts.append(contract_told(session.contract))
        if session.done == "open":
            left = ", ".join(session.missing) or "the draft"
            parts.append(f"Stayed open in this intake: {left}. The next message goes on with what is missing.")
    by = sorted({str(j.get("who") or RULES) for j in session.judged})
    return AgentTurn(
        agent=Agent.INTAKE,
        search=search.id,
        thread=_thread(search),
        number=sum(bool(t["by"]) for t in session.turns),
        text="\n\n".join(parts),
        citations=tuple(notes.cited),
        waiting=waiting_of(search, session),
        done=session.pending is None,
        contract_version=session.contract.version if session.contract else None,
        by=", ".join(by) or RULES,
        prompts=tuple(sorted({str(j["prompt"]) for j in session.judged if j.get("prompt")})),
    )


def waiting_of(search: Search, session: Session) -> tuple[Waiting, ...]:
    """The question that waits, and whom it is put to; empty at the end."""
    pending = session.pending
    if pending is None:
        return ()
    kind: Literal["question", "signature"] = "signature" if pending["move"] == Move.SIGN else "question"
    return (Waiting(id=str(pending["n"]), kind=kind, to=_name(search, pending["to"]), text=pending["text"]),)


def _injected(turns: tuple[TurnState, ...]) -> list[str]:
    """What the last answer held that speaks to a machine reader."""
    last = next((t for t in reversed(turns) if t["by"]), None)
    return [last["text"][start:end] for start, end in addressed(last["text"])] if last else []


def _name(search: Search, side: str) -> str:
    person = search.recruiter if side == "recruiter" else search.hiring_manager
    return person.name if person else SPOKEN.get(side, "either side")
