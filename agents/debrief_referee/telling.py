"""The packet in words: as Markdown for the talk, evidence first, with no recommendation and no total."""

from collections.abc import Iterator, Sequence

from agents.debrief_referee.material import Material
from alignment.citation import Citation
from alignment.debrief import Debrief, Finding, FindingKind
from alignment.transcript import clock

HEADS = {
    FindingKind.CONFLICT: "Read apart",
    FindingKind.MISSING_SIGNAL: "Not tested",
    FindingKind.DRIFT: "Outside the contract",
    FindingKind.OVER_INDEXING: "Leaning",
    FindingKind.UNSUPPORTED: "Not borne out by the record",
}
PEOPLE_DECIDE = "What follows is the record beside the panel's readings. People decide."


def markdown(debrief: Debrief, material: Material) -> str:
    """The whole packet as Markdown."""
    return "\n".join(_lines(debrief, material)).rstrip() + "\n"


def _lines(debrief: Debrief, material: Material) -> Iterator[str]:
    yield f"# Debrief: {material.candidate.name}, {material.search.title}"
    yield f"\nContract version {debrief.contract_version}. {PEOPLE_DECIDE}"
    if debrief.captured is not None:
        yield f"\n{debrief.captured:.0%} of the panel's claims about the job rest on captured signal; the rest on memory alone."
    if debrief.waiting:
        yield f"\nNo scorecard yet from {', '.join(material.called(p) for p in debrief.waiting)}."
    if debrief.reworded:
        yield f"\nGrades given on another wording of a criterion than this contract version's, and left out here: {debrief.reworded}."
    for kind, head in HEADS.items():
        if found := [f for f in debrief.findings if f.kind is kind]:
            yield f"\n## {head}\n"
            for finding in found:
                yield from _finding(finding, material)
    yield "\n## Grades and probing\n"
    yield from _matrix(debrief, material)
    if debrief.injections:
        yield "\n## Words that address a machine reader\n"
        yield from (f"- Reported, and without effect: “{i.words}”" for i in debrief.injections)


def _finding(f: Finding, material: Material) -> Iterator[str]:
    yield f"- {f.text}"
    if f.kind is FindingKind.CONFLICT:
        yield from _cited("for", f.supporting, material)
        yield from _cited("against", f.refuting, material)
    else:
        yield from _cited("", f.refuting, material)
    if f.question:
        yield f"  - Ask: {f.question}"


def _cited(shows: str, citations: Sequence[Citation], material: Material) -> Iterator[str]:
    names = {i.id: i.name for i in material.interviews}
    for c in citations:
        at = f", {clock(c.start_s)}" if c.start_s is not None else f", utterance u{c.first}"
        yield f"  - {f'{shows}: ' if shows else ''}“{c.text}” {c.spoken}, {names[c.interview]}{at}{c.doubt}"


def _matrix(debrief: Debrief, material: Material) -> Iterator[str]:
    people = sorted({c.interviewer for c in debrief.matrix}, key=material.called)
    yield f"| | {' | '.join(material.called(p) for p in people)} | middle | apart |"
    yield "|---" * (len(people) + 3) + "|"
    ratings = {r.criterion: r for r in debrief.ratings}
    for criterion in material.contract.criteria:
        cells = []
        for person in people:
            own = [c for c in debrief.matrix if (c.criterion, c.interviewer) == (criterion.id, person)]
            grade = " and ".join(str(c.grade) for c in own if c.grade) or "–"
            cells.append(f"{grade} ({', '.join(dict.fromkeys(c.probing.value for c in own)) or 'not there'})")
        rating = ratings.get(criterion.id)
        yield f"| {criterion.id} | {' | '.join(cells)} | {rating.median if rating else '–'} | {rating.spread if rating else '–'} |"
