"""What a reader's own reading rests on: claims that the record does not bear out, standards that are not in the contract, and hunches."""

from collections.abc import Iterator, Sequence

from agents.debrief_referee.material import Material, Reading
from agents.language.standards import MANNER, OWN_STANDARD, WISHED
from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.debrief import Finding, FindingKind
from alignment.feedback import Verdict
from alignment.record import FeedbackId, PersonId

_HOW = {
    Verdict.NO_EVIDENCE: "the record holds nothing that bears on it",
    Verdict.CONTRADICTED: "the record speaks against it",
    Verdict.TOO_VAGUE: "it names nothing that was said",
}


MANY = 3
"""From so many claims on, all of them on one criterion are a leaning."""


def unsupported(material: Material) -> Iterator[Finding]:
    """Claims that the record does not bear out, and claims that it contradicts."""
    for r in material.readings:
        if r.verdict in _HOW:
            about = f"about {r.criterion}" if r.criterion else "about no criterion"
            yield _finding(
                FindingKind.UNSUPPORTED,
                f"{material.called(r.interviewer)} in {r.name}, {about}: {_HOW[r.verdict]}.",
                r.interviewer,
                [r],
                refuting=r.moments if r.verdict is Verdict.CONTRADICTED else (),
            )


def drift(material: Material) -> Iterator[Finding]:
    """Standards that are not in the contract under which the interview was held; a remark that is not about the job is not repeated."""
    by_feedback: dict[FeedbackId, list[Reading]] = {}
    for r in material.readings:
        if strays(r):
            by_feedback.setdefault(r.feedback, []).append(r)
    for readings in by_feedback.values():
        first = readings[0]
        personal = any(r.verdict is Verdict.NOT_JOB_RELATED for r in readings)
        what = "a remark that is not about the job, which is set aside" if personal else "a standard that the contract does not hold"
        name = material.called(first.interviewer)
        yield _finding(
            FindingKind.DRIFT, f"{name} in {first.name} uses {what} (contract v{first.contract_version}).", first.interviewer, readings
        )


def strays(r: Reading) -> bool:
    """Whether a claim holds somebody to a standard that the contract does not have."""
    if r.verdict is Verdict.NOT_JOB_RELATED or WISHED.search(r.span):
        return True
    return r.verdict is not Verdict.TOO_VAGUE and bool(OWN_STANDARD.search(r.span) or MANNER.search(r.span))


def over_indexing(material: Material) -> Iterator[Finding]:
    """Readers whose reading hangs on what they did not test: something that the record knows nothing of, or mostly one single criterion."""
    for person in sorted(material.seats, key=material.called):
        own = [r for r in material.readings if r.interviewer == person]
        hunches = [r for r in own if r.verdict is Verdict.NO_EVIDENCE]
        name = material.called(person)
        if hunches:
            where = ", ".join(sorted({r.criterion for r in hunches if r.criterion})) or "no criterion"
            yield _finding(
                FindingKind.OVER_INDEXING,
                f"{name}'s reading leans on an impression, on {where}, of which the record holds nothing.",
                person,
                hunches,
            )
        elif one := _single(material, person, own):
            yield _finding(
                FindingKind.OVER_INDEXING,
                f"{name}'s claims all hang on {one}, out of {len(material.focus(person))} to probe.",
                person,
                own,
                one,
            )


def _single(material: Material, person: PersonId, own: Sequence[Reading]) -> CriterionId | None:
    about = {r.criterion for r in own if r.criterion}
    tied = [r for r in own if r.criterion]
    return about.pop() if len(tied) >= MANY and len(about) == 1 and len(material.focus(person)) > 1 else None


def _finding(
    kind: FindingKind,
    text: str,
    person: PersonId,
    readings: Sequence[Reading],
    criterion: CriterionId | None = None,
    *,
    refuting: tuple[Citation, ...] = (),
) -> Finding:
    ids = {r.criterion for r in readings}
    return Finding(
        kind=kind,
        text=text,
        criterion=criterion or (next(iter(ids)) if kind is FindingKind.UNSUPPORTED else None),
        interviewers=(person,),
        claims=tuple(r.claim for r in readings),
        statements=tuple(r.statement for r in readings if r.statement),
        feedback=tuple(dict.fromkeys(r.feedback for r in readings)),
        refuting=refuting,
    )
