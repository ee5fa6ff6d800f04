"""What the intake's tests share: a call as a transcript with its sides, a live session played to its end, and a search of its own."""

import itertools
import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agents.desk import SearchPlan, SeatPlan, open_search, organisation_of
from agents.intake_agent import outcome
from agents.intake_agent.captured import Captured
from agents.intake_agent.graph import IntakeContext, begun, build
from agents.intake_agent.judgements import Judgements
from agents.intake_agent.rules import RULES
from agents.intake_agent.state import IntakeState
from agents.workbench import Workbench
from alignment.people import Person, Role, Search
from alignment.record import InterviewId, OrganisationId, PersonId, TranscriptId, digest
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from tests.agents.intake.calls import NAMES, Call
from tests.agents.intake.casts import Counterpart

ROLES = {"recruiter": Role.RECRUITER, "hiring_manager": Role.HIRING_MANAGER}
PEOPLE = {"recruiter": "Dana Whitlock", "hiring_manager": "Priya Raman"}
AT = "2026-03-02T09:30:00+00:00"
_numbers = itertools.count(1)


def transcript_of(turns: list[tuple[str, str]]) -> Transcript:
    """A call of (side, text), ten seconds a turn, with both sides known by name."""
    speakers = tuple(
        Speaker(label=side, person=PersonId(f"per-{side}"), name=NAMES[side], role=role, certainty=Certainty.GIVEN)
        for side, role in ROLES.items()
    )
    utterances = tuple(
        Utterance(index=i, speaker=side, text=text, start_s=10.0 * i, end_s=10.0 * i + 9) for i, (side, text) in enumerate(turns)
    )
    return Transcript(
        id=TranscriptId("trn-1"),
        organisation=OrganisationId("org-1"),
        interview=InterviewId("int-1"),
        source_format="test",
        source_digest=digest(*[t for _, t in turns]),
        speakers=speakers,
        utterances=utterances,
    )


def call_transcript(call: Call) -> Transcript:
    """A marked call as a transcript."""
    return transcript_of([(side, text) for side, text, _ in call.turns])


@dataclass(frozen=True)
class Played:
    """A session at its end: its state, every question by what it was for, and what it comes to."""

    state: IntakeState
    moves: tuple[str, ...]
    captured: Captured

    @property
    def texts(self) -> dict[str, str]:
        """The draft's lines by id."""
        return {c.id: c.text for c in self.captured.criteria}


async def play(counterpart: Counterpart, judgements: Judgements = RULES, most: int = 60) -> Played:
    """A session with that counterpart to its end, or to `most` turns."""
    other = deepcopy(counterpart)
    graph = build(InMemorySaver())
    config: Any = {"configurable": {"thread_id": counterpart.name}, "recursion_limit": 400}
    context = IntakeContext(judgements)
    await graph.ainvoke(begun(dict(PEOPLE)), config, context=context)
    moves: list[str] = []
    while True:
        at = await graph.aget_state(config)
        if not at.interrupts or len(moves) >= most:
            break
        pending = at.interrupts[0].value
        moves.append(pending["move"])
        by, text = other.answer(pending["move"], pending["to"], pending["text"])
        await graph.ainvoke(Command(resume=json.dumps({"by": by, "text": text, "at": AT})), config, context=context)
    state: Any = (await graph.aget_state(config)).values
    return Played(state, tuple(moves), ended(state))


def ended(state: IntakeState) -> Captured:
    """What a session comes to as it stands."""
    people = {side: Person(id=PersonId(f"per-{side}"), organisation=OrganisationId("org-1"), name=name) for side, name in PEOPLE.items()}
    transcript = outcome.transcript_of(state, people, OrganisationId("org-1"), InterviewId("int-1"), "trn-live")
    return outcome.captured_of(state, transcript)


async def new_search(bench: Workbench, **changed: Any) -> Search:
    """A search with both sides, a panel and an empty contract."""
    organisation = (await organisation_of(bench)).id
    panel = (SeatPlan("Inés Duarte", "1-work", "work", ("M1", "M2")), SeatPlan("Bram de Vries", "2-team", "team", ("M1", "T1", "D1")))
    plan = {"recruiter": PEOPLE["recruiter"], "hiring_manager": PEOPLE["hiring_manager"], "panel": panel, **changed}
    return await open_search(bench, organisation, SearchPlan(slug=f"depot-{next(_numbers)}", title="Night dispatcher", **plan))
