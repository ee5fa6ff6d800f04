"""A debrief in the layout of the search folders."""

from collections.abc import Sequence
from typing import Any

from agents.debrief_referee.material import Material
from alignment.citation import Citation
from alignment.debrief import Debrief, Finding, FindingKind
from alignment.feedback import InjectionReport
from corpus.importers import UNKNOWN_SPEAKER

TRAIT = "an impression"


def told(debrief: Debrief, material: Material) -> dict[str, Any]:
    """What debrief.json holds."""
    of = {kind: [f for f in debrief.findings if f.kind is kind] for kind in FindingKind}
    return {
        "conflicts": [_conflict(f, material) for f in of[FindingKind.CONFLICT]],
        "missing": [{"criterion": f.criterion, "why": f.probing, "question": f.question} for f in of[FindingKind.MISSING_SIGNAL]],
        "over_indexing": [
            {"interviewer": material.called(f.interviewers[0]), "criterion_or_trait": f.criterion or TRAIT, "text": f.text}
            for f in of[FindingKind.OVER_INDEXING]
        ],
        "drift": [_of_feedback(f, material, what=f.text) for f in of[FindingKind.DRIFT]],
        "unsupported": [_of_feedback(f, material, verdict=_verdict(f, material)) for f in of[FindingKind.UNSUPPORTED]],
        "injections": [_injection(i, material) for i in debrief.injections],
        "captured": debrief.captured,
    }


def _conflict(f: Finding, material: Material) -> dict[str, Any]:
    return {
        "criterion": f.criterion,
        "type": f.conflict,
        "for": [material.called(p) for p in f.on_side],
        "against": [material.called(p) for p in f.against],
        "supported_side": f.side,
        "text": f.text,
        "citations": [*_cited(f.supporting, material, "for"), *_cited(f.refuting, material, "against")],
    }


def _cited(citations: Sequence[Citation], material: Material, shows: str) -> list[dict[str, Any]]:
    names = {i.id: i.name for i in material.interviews}
    return [
        {
            "interview": names[c.interview],
            "speaker": "" if c.speaker == UNKNOWN_SPEAKER else c.speaker,
            "start_s": c.start_s,
            "end_s": c.end_s,
            "quote": c.text,
            "shows": shows,
        }
        for c in citations
        if c.start_s is not None
    ]


def _of_feedback(f: Finding, material: Material, **more: object) -> dict[str, Any]:
    names = {r.feedback: r.name for r in material.readings}
    return {"interviewer": material.called(f.interviewers[0]), "feedback": names[f.feedback[0]], **more}


def _verdict(f: Finding, material: Material) -> str:
    return next(r.verdict for r in material.readings if r.claim == f.claims[0])


def _injection(report: InjectionReport, material: Material) -> dict[str, Any]:
    moment = report.moment
    if moment is None:
        names = {r.feedback: r.name for r in material.readings}
        return {"feedback": names.get(report.feedback) if report.feedback else None, "text": report.words}
    interview = next(i.name for i in material.interviews if i.id == moment.interview)
    return {"interview": interview, "start_s": moment.start_s, "end_s": moment.end_s, "text": report.words}
