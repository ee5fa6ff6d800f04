"""The intake of a search, captured or live: what was said goes on record, and what it comes to is the next version of the contract."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from agents.desk import interview_id
from agents.intake_agent.captured import Captured, draft
from agents.intake_agent.graph import IntakeContext, begun
from agents.intake_agent.moves import drafted, gaps
from agents.intake_agent.outcome import captured_of, transcript_of
from agents.intake_agent.state import IntakeState, PendingState, TurnState
from agents.workbench import Workbench
from alignment.contract import CRITERION_IDS, Contract, Side
from alignment.errors import Conflict, KeyReused, NotFound, NotPermitted, Refused
from alignment.people import Person, Role, Search
from alignment.record import ContractId, TranscriptId, derived_id
from alignment.transcript import Transcript
from corpus.importers import Parsed
from corpus.speakers import map_speakers

INTAKE = "intake"
"""The name under which the intake of a search stands beside its interviews."""

LONGEST_ANSWER = 8000
_NAME_SIDES = "Open the search with --recruiter and --manager, two people."
_STEPS = 400


@dataclass(frozen=True)
class Session:
    """Where a live intake stands: the question that waits, what was said, the draft, what is missing, and the contract once it ended."""

    pending: PendingState | None
    turns: tuple[TurnState, ...]
    draft: str
    missing: tuple[str, ...]
    done: str
    contract: Contract | None
    captured: Captured | None = None
    judged: tuple[dict[str, Any], ...] = ()


def intake_transcript(search: Search, parsed: Parsed, given: Mapping[str, str] | None = None) -> Transcript:
    """The call as a transcript in which nobody but the search's recruiter and hiring manager speaks by name."""
    sides = [(search.recruiter, Role.RECRUITER), (search.hiring_manager, Role.HIRING_MANAGER)]
    interview = interview_id(search.id, INTAKE)
    return Transcript(
        id=TranscriptId(derived_id("trn", interview, parsed.source_digest)),
        organisation=search.organisation,
        interview=interview,
        source_format=parsed.format,
        source_digest=parsed.source_digest,
        speakers=map_speakers(parsed.labels, [(person, role) for person, role in sides if person], given),
        utterances=parsed.utterances,
    )


async def capture(bench: Workbench, search: Search, parsed: Parsed, given: Mapping[str, str] | None = None) -> tuple[Contract, Captured]:
    """The contract that a captured call comes to, unsigned, as its next version; the same call again changes nothing."""
    transcript = intake_transcript(search, parsed, given)
    captured = await draft(bench.intake, transcript)
    if signed := await _stands_over(bench, search, captured, transcript.id):
        raise Conflict(
            f"Version {signed.version} is signed, and this intake leaves lines open",
            where=search.slug,
            todo="Change single lines with: plumbline contract amend.",
        )
    await bench.store.add_intake(search.organisation, search.id, transcript, datetime.now(UTC))
    return await _drafted(bench, search, captured, transcript.id, "Drafted from the intake call"), captured


async def open_intake(bench: Workbench, search: Search) -> Session:
    """The search's live intake where it stands, begun where there is none; one that ended with gaps goes on with what is missing."""
    _must_have_sides(search)
    async with bench.thread(search.organisation, _thread(search)):
        config = _config(search)
        before = await bench.intake_graph.aget_state(config)
        if not before.values:
            await _run(bench, begun({side: p.name for side, p in people_of(search).items()}), config)
        elif not before.interrupts and not before.values["done"]:
            # A crash ended the last run between two steps, or before what a step wrote was made a checkpoint: it goes on from there.
            await _run(bench, None, config)
        elif before.values["done"] == "open":
            await bench.intake_graph.aupdate_state(config, {"silent": {}, "asked": {}, "agreed": False, "done": ""}, as_node="hear")
            await _run(bench, None, config)
        return await _standing(bench, search, config)


async def say(bench: Workbench, search: Search, side: Side, text: str, *, to: int, key: str = "") -> Session:
    """Answer the question that waits as one of the sides; `to` is its number.

    Conflict where that question was answered already, so that an answer that is sent twice is taken once; the same answer under its `key`
    is told where the session stands. Refused for an empty or endless text.
    """
    if side not in people_of(search):
        raise NotFound(f"The search has no {side.replace('_', ' ')}", where=search.slug)
    words = _clean(text)
    if not words or len(text) > LONGEST_ANSWER:
        raise Refused(f"An answer has 1 to {LONGEST_ANSWER} characters, and this has {len(words)}", todo="Say it in a few sentences.")
    async with bench.thread(search.organisation, _thread(search)):
        config = _config(search)
        before = await bench.intake_graph.aget_state(config)
        if before.values and not before.interrupts and not before.values["done"]:
            await _run(bench, None, config)  # as in `open_intake`
            before = await bench.intake_graph.aget_state(config)
        if taken(before.values, side, words, key):
            return await _standing(bench, search, config)
        pending = before.interrupts[0].value if before.interrupts else None
        if pending is None or pending["n"] != to:
            asked = f"question {pending['n']} waits" if pending else "nothing waits for an answer"
            told = f"Question {to} is not the one that waits" if to >= 0 else "The intake has gone on since"
            raise Conflict(f"{told}: {asked}", where=search.slug, todo="Look at the session again.")
        answer = {"by": side, "text": words, "at": datetime.now(UTC).isoformat(), "key": key}
        await _run(bench, Command(resume=json.dumps(answer)), config)
        return await _standing(bench, search, config)


def taken(state: Mapping[str, Any], side: Side, words: str, key: str) -> bool:
    """Whether that answer was taken under that key; KeyReused where the key stands for another answer."""
    known = next((t for t in state.get("turns", []) if key and t.get("key") == key), None)
    if known and (known["by"], known["text"]) != (side, words):
        raise KeyReused("This idempotency key stands for another answer", where=key, todo="Use a new key for each new answer.")
    return known is not None


async def _run(bench: Workbench, given: Any, config: RunnableConfig) -> None:
    await bench.intake_graph.ainvoke(given, config, context=IntakeContext(bench.intake))
    await bench.tidy(config["configurable"]["thread_id"])


async def _standing(bench: Workbench, search: Search, config: RunnableConfig) -> Session:
    at = await bench.intake_graph.aget_state(config)
    state = cast(IntakeState, at.values)
    contract, captured = (await _ended(bench, search, state)) if state["done"] else (None, None)
    return Session(
        pending=at.interrupts[0].value if at.interrupts else None,
        turns=tuple(state["turns"]),
        draft=drafted(state),
        missing=tuple(gaps(state)),
        done=state["done"],
        contract=contract,
        captured=captured,
        judged=tuple(state["judged"]),
    )


async def _ended(bench: Workbench, search: Search, state: IntakeState) -> tuple[Contract, Captured]:
    """The session on record with what it came to; saved under ids of its own, so that the next read after a crash saves it again."""
    people = people_of(search)
    id = derived_id("trn", _thread(search), str(len(state["turns"])))
    transcript = transcript_of(state, people, search.organisation, interview_id(search.id, INTAKE), id)
    captured = captured_of(state, transcript)
    await bench.store.add_intake(search.organisation, search.id, transcript, _when(state["turns"]))
    if signed_before := await _stands_over(bench, search, captured, transcript.id):
        return signed_before, captured
    contract = await _drafted(bench, search, captured, transcript.id, "Settled in the intake")
    for signature in state["signatures"] if not contract.gaps() else ():
        side = cast(Side, signature["side"])
        person = people[side]
        signed = contract.sign(side, person.id, person.name, datetime.fromisoformat(signature["at"]))
        if len(signed.signatures) > len(contract.signatures):
            contract = await bench.store.sign(search.organisation, contract.id, signed.signatures[-1])
    # What was amended since is what holds now.
    return await bench.store.contract(search.organisation, search.id), captured


async def _stands_over(bench: Workbench, search: Search, captured: Captured, intake: TranscriptId) -> Contract | None:
    """The signed version that an intake leaving lines open does not take the place of; None where nothing stands in its way."""
    known = await bench.store.contracts(search.organisation, search.id)
    if len(captured.criteria) == len(CRITERION_IDS) or any(c.id == _version_of(search, intake) for c in known):
        return None
    return next((c for c in reversed(known) if c.signed), None)


def _version_of(search: Search, intake: TranscriptId) -> ContractId:
    return ContractId(derived_id("ctr", search.id, intake))


async def _drafted(bench: Workbench, search: Search, captured: Captured, intake: TranscriptId, reason: str) -> Contract:
    """The contract version that belongs to that intake, made as the next one where there is none yet."""
    id = _version_of(search, intake)
    known = await bench.store.contracts(search.organisation, search.id)
    if found := next((c for c in known if c.id == id), None):
        return found
    contract = Contract(
        id=id,
        organisation=search.organisation,
        search=search.id,
        version=len(known) + 1,
        criteria=captured.criteria,
        incentives=captured.incentives,
        demoted=captured.demoted,
        open_questions=captured.open_questions,
        reason=reason,
    )
    return await bench.store.add_contract(search.organisation, contract)


def side_of(search: Search, name: str) -> Side:
    """The side that the person of that name is on; NotPermitted for anybody else."""
    sides: tuple[Side, ...] = ("recruiter", "hiring_manager")
    people = people_of(search)
    for side in sides:
        if side in people and people[side].name.casefold() == name.strip().casefold():
            return side
    raise NotPermitted(f"{name or 'Nobody'} is neither the recruiter nor the hiring manager", where=search.slug, todo="Name one of them.")


def people_of(search: Search) -> dict[str, Person]:
    """The search's recruiter and hiring manager by side, those that it has."""
    sides = {"recruiter": search.recruiter, "hiring_manager": search.hiring_manager}
    return {side: person for side, person in sides.items() if person}


def _thread(search: Search) -> str:
    return f"intake:{search.organisation}:{search.id}"


def _config(search: Search) -> RunnableConfig:
    return {"configurable": {"thread_id": _thread(search)}, "recursion_limit": _STEPS}


def _when(turns: Sequence[TurnState]) -> datetime:
    said = [t["at"] for t in turns if t["at"]]
    return datetime.fromisoformat(said[-1]) if said else datetime.now(UTC)


def _clean(text: str) -> str:
    """The words as they were typed: any space as a space, nothing that only a machine sees."""
    kept = "".join(" " if c.isspace() and c != "\n" else c for c in text if c.isspace() or c.isprintable())
    return kept.strip()


def _must_have_sides(search: Search) -> None:
    if search.hiring_manager is None:
        raise NotFound("The search has no hiring manager, and a contract is in the manager's words", where=search.slug, todo=_NAME_SIDES)
    if search.recruiter and search.recruiter.id == search.hiring_manager.id:
        raise Refused(
            f"{search.recruiter.name} is both recruiter and hiring manager, and two people sign", where=search.slug, todo=_NAME_SIDES
        )
