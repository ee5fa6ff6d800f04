"""Conflicts: interviewers who read one criterion apart, the moments for either side, and which side the record supports."""

from collections.abc import Mapping, Sequence

from agents.debrief_referee.material import HIGH, Material, Reading
from agents.debrief_referee.places import Place, cited, shows_against, shows_for
from agents.debrief_referee.probing import Probed
from alignment.citation import Citation
from alignment.debrief import ConflictKind, Finding, FindingKind, SupportedSide
from alignment.feedback import Polarity, Probing, Verdict
from alignment.record import InterviewId, PersonId
from retrieval.wording import unsupported_words

SAME_S = 30.0
"""Two moments that lie no further apart are the same facts."""


def conflict(
    material: Material, criterion: str, places: Sequence[Place], tested: Mapping[InterviewId, Probed], whole: Probing
) -> Finding | None:
    """The conflict over a criterion; None where nobody reads it apart."""
    on_side, against = _sides(material, criterion)
    if not on_side or not against:
        return None
    readings = [r for r in material.readings if r.criterion == criterion and r.interviewer in {*on_side, *against}]
    # What shows one side does not show the other: the side that claims rest on more takes a moment first.
    first, second = (shows_for, shows_against) if _weight(readings, on_side) >= _weight(readings, against) else (shows_against, shows_for)
    taken = cited(material, places, first)
    rest = cited(material, places, second, taken)
    supporting, refuting = (taken, rest) if first is shows_for else (rest, taken)
    side = _supported(material, readings, on_side, against, whole)
    kind = _kind(material, on_side, against, readings, tested, whole)
    names = [", ".join(material.called(p) for p in people) for people in (on_side, against)]
    text = f"{criterion} is read apart: {names[0]} for, {names[1]} against ({kind.value}). {_SIDES[side]}"
    return Finding(
        kind=FindingKind.CONFLICT,
        text=text,
        criterion=material.criterion(criterion).id,
        interviewers=(*on_side, *against),
        on_side=on_side,
        against=against,
        conflict=kind,
        side=side,
        claims=tuple(r.claim for r in readings),
        statements=tuple(r.statement for r in readings if r.statement),
        supporting=supporting,
        refuting=refuting,
    )


def _weight(readings: Sequence[Reading], people: Sequence[PersonId]) -> int:
    return sum(r.interviewer in people and r.rests for r in readings)


_SIDES = {
    SupportedSide.FOR: "What was found speaks more for the reading for.",
    SupportedSide.AGAINST: "What was found speaks more for the reading against.",
    SupportedSide.BOTH_PARTLY: "What was found speaks for part of each.",
    SupportedSide.NEITHER: "Nothing was found that speaks for either.",
}


def _sides(material: Material, criterion: str) -> tuple[tuple[PersonId, ...], tuple[PersonId, ...]]:
    """Who reads it for and who against: by grade, and where one has none by what they claim."""
    graded = material.grades.get(criterion, {})
    lean: dict[PersonId, bool] = {person: grade >= HIGH for person, grade in graded.items()}
    if len(set(lean.values())) < 2:
        for person, for_it in _claimed(material, criterion).items():
            if person not in material.given.get(criterion, {}):
                lean[person] = for_it
    order = sorted(lean, key=material.called)
    return tuple(p for p in order if lean[p]), tuple(p for p in order if not lean[p])


def _claimed(material: Material, criterion: str) -> dict[PersonId, bool]:
    """Which way those claims lean that the record bears out; a reader who claims both leans nowhere."""
    told: dict[PersonId, set[bool]] = {}
    for r in material.readings:
        if r.criterion == criterion and r.rests and r.verdict is Verdict.SUPPORTED and r.polarity is not Polarity.MIXED:
            told.setdefault(r.interviewer, set()).add(r.polarity is Polarity.POSITIVE)
    return {person: next(iter(ways)) for person, ways in told.items() if len(ways) == 1}


def _supported(
    material: Material, readings: Sequence[Reading], on_side: Sequence[PersonId], against: Sequence[PersonId], whole: Probing
) -> SupportedSide:
    """Which side: what was never asked supports neither; else how many claims of either side the record bears out.

    A claim counts for the side that its reader takes by grade, whichever way its words seem to lean: how words lean is read no better than
    by looking for "not" (see docs/evaluation.md), and a grade says it outright.
    """
    if whole is Probing.NEVER_ASKED:
        return SupportedSide.NEITHER
    for_it, against_it = (sum(r.interviewer in people and borne(material, r) for r in readings) for people in (on_side, against))
    if for_it and against_it:
        return SupportedSide.BOTH_PARTLY if for_it == against_it else SupportedSide.FOR if for_it > against_it else SupportedSide.AGAINST
    if against_it or whole is not Probing.ANSWERED:
        return SupportedSide.AGAINST
    return SupportedSide.FOR


def borne(material: Material, r: Reading) -> bool:
    """Whether the record bears a claim out: its author has settled it so, or it adds nothing to its moments.

    No number, name, time or denial may stand in the claim that the moments do not hold. The verdict alone reads no better than chance on
    other people's claims; with this it does.
    """
    if r.verdict is not Verdict.SUPPORTED or not r.moments:
        return False
    criterion = material.criterion(r.criterion) if r.criterion else None
    return r.statement is not None or not unsupported_words(r.span, r.moments, criterion)


def _kind(
    material: Material,
    on_side: Sequence[PersonId],
    against: Sequence[PersonId],
    readings: Sequence[Reading],
    tested: Mapping[InterviewId, Probed],
    whole: Probing,
) -> ConflictKind:
    if whole is Probing.NEVER_ASKED:
        return ConflictKind.NO_EVIDENCE
    asked = [_asked(material, people, tested) for people in (on_side, against)]
    if asked[0] != asked[1]:
        return ConflictKind.DIFFERENT_QUESTION
    for_it = [c for r in readings if r.interviewer in on_side for c in r.moments[:1]]
    against_it = [c for r in readings if r.interviewer in against for c in r.moments[:1]]
    same = not for_it or not against_it or any(_alike(a, b) for a in for_it for b in against_it)
    return ConflictKind.DIFFERENT_WEIGHT if same else ConflictKind.DIFFERENT_FACTS


def _asked(material: Material, people: Sequence[PersonId], tested: Mapping[InterviewId, Probed]) -> bool:
    """Whether any of them sat where it was asked."""
    sat = {i for p in people for i in material.seats.get(p, ())}
    return any(tested[i].probing is not Probing.NEVER_ASKED for i in sat if i in tested)


def _alike(a: Citation, b: Citation) -> bool:
    if a.interview != b.interview:
        return False
    if a.start_s is None or b.start_s is None or a.end_s is None or b.end_s is None:
        return abs(a.first - b.first) <= 1
    return a.start_s - SAME_S <= b.end_s and b.start_s - SAME_S <= a.end_s
