"""What is counted: how each reader read each criterion in each interview of one candidate, as filter fields."""

from collections.abc import Sequence
from datetime import date
from statistics import median

from agents.debrief_referee.material import HIGH, Material, Reading
from agents.debrief_referee.places import places_on
from agents.debrief_referee.probing import Probed, probed
from agents.debrief_referee.readers import strays
from alignment.contract import Criterion
from alignment.feedback import Polarity, Probing, Verdict
from alignment.record import InterviewId, PersonId, digest
from retrieval.index import CellPoint

OUTSIDE = "-"
"""The criterion of what a reader claims outside the contract."""

UNBORNE = (Verdict.NO_EVIDENCE, Verdict.TOO_VAGUE, Verdict.CONTRADICTED)
PROBINGS = {
    Probing.ANSWERED: "answered",
    Probing.NOT_ANSWERED: "not answered",
    Probing.OFF_THE_POINT: "off the point",
    Probing.NEVER_ASKED: "never asked",
}


def wording_of(criterion: Criterion) -> str:
    """What criteria of the same words share."""
    return digest(criterion.text.casefold())[:24]


def family_of(name: str) -> str:
    """A role family as it is filtered by: two spellings of one name are one."""
    return " ".join(name.casefold().split())


def cells_of(material: Material, waiting: bool) -> dict[InterviewId, list[CellPoint]]:
    """The cells of every interview; while a round is `waiting` for scorecards, nothing of anybody's reading is in them."""
    tested = {c.id: probed(material, c.id, places_on(material, c.id), cite=False) for c in material.contract.criteria}
    days = {i.id: i.held_on for i in material.interviews}
    found: dict[InterviewId, list[CellPoint]] = {i.id: [] for i in material.interviews}
    for person, interviews in material.seats.items():
        for interview in interviews:
            own = [] if waiting else [r for r in material.readings if (r.interviewer, r.interview) == (person, interview)]
            for c in material.contract.criteria:
                how = tested[c.id].get(interview, Probed(Probing.NEVER_ASKED, None))
                fields = _of_criterion(material, c, person, interview, how.probing, own, waiting)
                found[interview].append(_point(material, interview, person, c.id, days[interview], fields))
            outside = _outside(own, waiting)
            found[interview].append(_point(material, interview, person, OUTSIDE, days[interview], outside))
    for interview, cells in found.items():
        if not cells:  # nobody's yet, but it counts as an interview
            nobody: dict[str, str | tuple[str, ...]] = {"line": OUTSIDE, "claims": (), "flags": ()}
            cells.append(_point(material, interview, PersonId(""), OUTSIDE, days[interview], nobody))
    return found


def _point(
    material: Material, interview: InterviewId, person: PersonId, criterion: str, day: date | None, fields: dict[str, str | tuple[str, ...]]
) -> CellPoint:
    about = {"search": material.search.id, "family": family_of(material.search.role_family), "candidate": material.candidate.id}
    return CellPoint(interview, person, criterion, day.toordinal() if day else 0, {**about, **fields})


def _of_criterion(
    material: Material,
    criterion: Criterion,
    person: PersonId,
    interview: InterviewId,
    probing: Probing,
    own: Sequence[Reading],
    waiting: bool,
) -> dict[str, str | tuple[str, ...]]:
    claims = [r for r in own if r.criterion == criterion.id]
    card = next((c for c in material.cards if (c.interviewer, c.interview) == (person, interview)), None)
    grade = None if waiting or card is None else next((g.grade for g in card.grades if g.criterion == criterion.id), None)
    others = [g for p, own_grades in material.given.get(criterion.id, {}).items() if p != person for g in own_grades]
    planned = any(s.person == person and s.interview == interview and criterion.id in s.focus for s in material.search.panel)
    panel = [] if waiting else list(material.grades.get(criterion.id, {}).values())
    split = len({g >= HIGH for g in panel}) > 1
    clean = probing is Probing.ANSWERED and grade is not None and not split and not any(r.verdict in UNBORNE for r in claims)
    flags = {
        "meant": planned or grade is not None,
        "open": waiting,
        "panel": len(panel) > 1,
        "split": split,
        "clean": clean,
        "claimed": bool(claims),
    }
    fields: dict[str, str | tuple[str, ...]] = {
        "line": criterion.id[0],
        "wording": wording_of(criterion),
        "probing": PROBINGS[probing],
        "claims": _claims(claims),
        "flags": tuple(name for name, is_so in flags.items() if is_so),
    }
    if grade is not None:
        fields["grade"] = str(grade)
        fields |= {"against": _against(material, criterion.id, grade)}
        if others:
            fields["beside"] = str(round(2 * (grade - median(others))))
    return fields


def _claims(claims: Sequence[Reading]) -> tuple[str, ...]:
    """The verdicts and leanings that occur, such as `supported+`."""
    return tuple(dict.fromkeys(f"{r.verdict.value}{'-' if r.polarity is Polarity.NEGATIVE else '+'}" for r in claims))


def _against(material: Material, criterion: str, grade: int) -> str:
    """Whether a grade lies below, above or with what settled claims of the whole panel show; `none` where they show nothing, or both."""
    shown = {
        (r.polarity is not Polarity.NEGATIVE) is (r.verdict is Verdict.SUPPORTED)
        for r in material.readings
        if r.criterion == criterion and r.rests and r.polarity is not Polarity.MIXED
    }
    if len(shown) != 1:
        return "none"
    well = shown.pop()
    return "with" if (grade >= HIGH) is well else "below" if well else "above"


def _outside(own: Sequence[Reading], waiting: bool) -> dict[str, str | tuple[str, ...]]:
    loose = [r for r in own if r.criterion is None and r.verdict is not Verdict.NOT_JOB_RELATED]
    flags = {
        "open": waiting,
        "wrote": bool(own),
        "drift": any(strays(r) for r in own),
        "set aside": any(r.verdict is Verdict.NOT_JOB_RELATED for r in own),
        "unborne": any(r.verdict in UNBORNE for r in own),
    }
    return {"line": OUTSIDE, "claims": _claims(loose), "flags": tuple(name for name, is_so in flags.items() if is_so)}
