"""The referee's graph: probe every criterion, compare the readings, look at each reader, and lay the packet out.

Findings are computed from what was gathered; nothing is written to the store, and nothing recommends a hire.
"""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.debrief_referee import readers
from agents.debrief_referee.conflicts import conflict
from agents.debrief_referee.material import Material
from agents.debrief_referee.missing import missing
from agents.debrief_referee.places import Place, places_on
from agents.debrief_referee.probing import Probed, on_the_whole, probed
from alignment.debrief import Cell, Debrief, Finding, FindingKind, Rating
from alignment.feedback import Probing, Verdict
from alignment.record import InterviewId, PersonId

ORDER = (FindingKind.CONFLICT, FindingKind.MISSING_SIGNAL, FindingKind.DRIFT, FindingKind.OVER_INDEXING, FindingKind.UNSUPPORTED)
"""What would change the panel's talk most comes first."""


@dataclass(frozen=True)
class RefereeContext:
    """What one debrief rests on."""

    material: Material


class RefereeState(TypedDict, total=False):
    """A debrief on its way; it lives for one run and is not kept."""

    places: dict[str, list[Place]]
    tested: dict[str, dict[InterviewId, Probed]]
    whole: dict[str, Probing]
    findings: list[Finding]
    debrief: Debrief


async def probe(state: RefereeState, runtime: Runtime[RefereeContext]) -> RefereeState:
    """How every criterion was tested, in each interview and on the whole."""
    material = runtime.context.material
    places: dict[str, list[Place]] = {c.id: places_on(material, c.id) for c in material.contract.criteria}
    tested: dict[str, dict[InterviewId, Probed]] = {id: probed(material, id, of) for id, of in places.items()}
    return {
        "places": places,
        "tested": tested,
        "whole": {id: on_the_whole(material, id, tested[id], places[id]) for id in places},
    }


async def compare(state: RefereeState, runtime: Runtime[RefereeContext]) -> RefereeState:
    """Where the panel reads a criterion apart, and what it never tested."""
    material, found = runtime.context.material, list[Finding]()
    for id, places in state["places"].items():
        apart = conflict(material, id, places, state["tested"][id], state["whole"][id])
        untested = missing(material, id, state["whole"][id], places)
        found += [f for f in (apart, untested) if f]
    return {"findings": found}


async def weigh(state: RefereeState, runtime: Runtime[RefereeContext]) -> RefereeState:
    """What each reader's reading rests on."""
    material = runtime.context.material
    found = [*readers.drift(material), *readers.over_indexing(material), *readers.unsupported(material)]
    return {"findings": [*state["findings"], *found]}


async def lay_out(state: RefereeState, runtime: Runtime[RefereeContext]) -> RefereeState:
    """The packet: the matrix, the panel's grades with their spread, and the findings in order."""
    material = runtime.context.material
    debrief = Debrief(
        search=material.search.id,
        candidate=material.candidate.id,
        contract_version=material.contract.version,
        matrix=tuple(_matrix(material, state["tested"])),
        ratings=tuple(_ratings(material)),
        findings=tuple(sorted(state["findings"], key=lambda f: _rank(material, f))),
        injections=material.injections,
        captured=captured(material),
        waiting=material.waiting,
        reworded=material.reworded,
    )
    return {"debrief": debrief}


def captured(material: Material) -> float | None:
    """The share of claims about the job that rest on captured signal; None where there is none."""
    about = [r for r in material.readings if r.verdict is not Verdict.NOT_JOB_RELATED]
    return round(sum(r.rests for r in about) / len(about), 3) if about else None


def _rank(material: Material, f: Finding) -> tuple[Any, ...]:
    """Conflicts by how far the grades lie apart, then what is untested, then readers; must-haves before trade-offs."""
    grades = [g for own in material.given.get(f.criterion or "", {}).values() for g in own]
    spread = max(grades) - min(grades) if f.kind is FindingKind.CONFLICT and grades else 0
    ids = [c.id for c in material.contract.criteria]
    place = ids.index(f.criterion) if f.criterion in ids else len(ids)
    return ORDER.index(f.kind), -spread, place, tuple(material.called(p) for p in f.interviewers)


def _matrix(material: Material, tested: dict[str, dict[InterviewId, Probed]]) -> list[Cell]:
    cells = []
    for person in sorted(material.seats, key=material.called):
        for interview in material.seats[person]:
            for criterion in material.contract.criteria:
                own = [r for r in material.readings if (r.interviewer, r.interview, r.criterion) == (person, interview, criterion.id)]
                how = tested[criterion.id].get(interview, Probed(Probing.NEVER_ASKED, None))
                cells.append(
                    Cell(
                        criterion=criterion.id,
                        interviewer=person,
                        interview=interview,
                        probing=how.probing,
                        asked=how.asked,
                        grade=_grade(material, person, interview, criterion.id),
                        claims=tuple(r.claim for r in own),
                        statements=tuple(r.statement for r in own if r.statement),
                    )
                )
    return cells


def _grade(material: Material, person: PersonId, interview: InterviewId, criterion: str) -> int | None:
    cards = [c for c in material.cards if (c.interviewer, c.interview) == (person, interview)]
    return next((g.grade for c in cards for g in c.grades if g.criterion == criterion), None)


def _ratings(material: Material) -> list[Rating]:
    made = []
    for criterion in material.contract.criteria:
        if grades := tuple(sorted(g for own in material.given.get(criterion.id, {}).values() for g in own)):
            made.append(Rating(criterion=criterion.id, grades=grades, median=float(median(grades)), spread=grades[-1] - grades[0]))
    return made


def build() -> CompiledStateGraph[RefereeState, RefereeContext, RefereeState, RefereeState]:
    """The compiled graph."""
    graph = StateGraph(RefereeState, context_schema=RefereeContext)
    steps = (("probe", probe), ("compare", compare), ("weigh", weigh), ("lay_out", lay_out))
    for name, step in steps:
        graph.add_node(name, step)
    graph.add_edge(START, "probe")
    for (a, _), (b, _) in pairwise(steps):
        graph.add_edge(a, b)
    graph.add_edge("lay_out", END)
    return graph.compile()
