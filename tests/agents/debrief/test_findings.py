"""Findings: each rests on what it says that it rests on, and is gone when that is gone."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agents.debrief_referee.graph import RefereeContext, build
from agents.debrief_referee.material import Material, Reading
from alignment.contract import Contract, Criterion
from alignment.debrief import ConflictKind, Debrief, Finding, FindingKind, SupportedSide
from alignment.feedback import Polarity, Probing, Verdict
from alignment.people import Interview, PanelSeat, Person, Role, Search
from alignment.record import ClaimId, ContractId, FeedbackId, InterviewId, OrganisationId, PersonId, ScorecardId, SearchId, TranscriptId
from alignment.scorecard import Grade, Scorecard
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from retrieval.nearness import Nearness

ORG, SEARCH, ONE, TWO = OrganisationId("org"), SearchId("srch"), InterviewId("int-1"), InterviewId("int-2")
ANA, BEN, TOM = PersonId("ana"), PersonId("ben"), PersonId("tom")
AT = datetime(2026, 3, 1, tzinfo=UTC)
SAID = (
    ("ana", "Tell me about a night when a dough went wrong. What did you do?"),
    ("tom", "I cooled the room and I stretched the rest of it, and at four I rang the driver myself."),
    ("ana", "And who learnt from you?"),
    ("tom", "I taught Mia to shape. I stood beside her for three weeks, and then she did it alone."),
)
IDS = ("M1", "M2", "M3", "T1", "T2", "D1")


def transcript(interview: InterviewId) -> Transcript:
    speakers = (
        Speaker(label="ana", person=ANA, name="Ana", role=Role.INTERVIEWER, certainty=Certainty.GIVEN),
        Speaker(label="tom", person=TOM, name="Tom", role=Role.CANDIDATE, certainty=Certainty.GIVEN),
    )
    said = tuple(Utterance(index=i, speaker=who, text=text, start_s=10.0 * i, end_s=10.0 * i + 9) for i, (who, text) in enumerate(SAID))
    return Transcript(
        id=TranscriptId(f"trn-{interview}"), organisation=ORG, interview=interview, source_format="test", source_digest="d",
        speakers=speakers, utterances=said,
    )  # fmt: skip


def card(person: PersonId, interview: InterviewId, **grades: int) -> Scorecard:
    return Scorecard.model_validate(
        {
            "id": ScorecardId(f"crd-{person}"), "organisation": ORG, "search": SEARCH, "interview": interview, "interviewer": person,
            "contract_version": 1, "grades": tuple(Grade.model_validate({"criterion": c, "grade": g}) for c, g in grades.items()), "at": AT,
        }
    )  # fmt: skip


def reading(n: int, person: PersonId, interview: InterviewId, **told: Any) -> Reading:
    made = {
        "claim": ClaimId(f"clm-{n}"), "feedback": FeedbackId(f"fbk-{n}"), "name": f"F{n}", "interviewer": person, "interview": interview,
        "contract_version": 1, "span": "He saved the dough", "criterion": "M1", "polarity": Polarity.POSITIVE, "verdict": Verdict.SUPPORTED,
        "rests": True,
    }  # fmt: skip
    return Reading.model_validate({**made, **told})


def material() -> Material:
    criteria = tuple(Criterion.model_validate({"id": id, "text": f"Has done the work of {id}"}) for id in IDS)
    seats = (
        PanelSeat(person=ANA, name="Ana", interview=ONE, interview_name="one", focus=("M1", "M2")),
        PanelSeat(person=BEN, name="Ben", interview=TWO, interview_name="two", focus=("M3",)),
    )
    tom = Person(id=TOM, organisation=ORG, name="Tom")
    near = {(i, id): {0: Nearness(meaning=0.5), 1: Nearness(terms=3, meaning=0.6, window_meaning=0.6)} for i in (ONE, TWO) for id in IDS}
    return Material(
        search=Search(id=SEARCH, organisation=ORG, slug="night-baker", title="Night baker", panel=seats),
        candidate=tom,
        contract=Contract(id=ContractId("ctr"), organisation=ORG, search=SEARCH, version=1, criteria=criteria),
        interviews=tuple(Interview(id=i, organisation=ORG, search=SEARCH, name=i, candidate=tom) for i in (ONE, TWO)),
        transcripts={i: transcript(i) for i in (ONE, TWO)},
        cards=(card(ANA, ONE, M1=4, M2=3), card(BEN, TWO, M1=2, M3=3)),
        readings=(
            reading(1, ANA, ONE),
            reading(2, BEN, TWO, polarity=Polarity.NEGATIVE, verdict=Verdict.NO_EVIDENCE, rests=False, span="I can't picture him at night"),
            reading(3, BEN, TWO, criterion=None, verdict=Verdict.NOT_JOB_RELATED, rests=False, span="a northern voice"),
        ),
        injections=(),
        near=near,
        people={ANA: "Ana", BEN: "Ben", TOM: "Tom"},
    )


async def packet(given: Material) -> Debrief:
    state: Any = await build().ainvoke({}, context=RefereeContext(given))
    laid_out: Debrief = state["debrief"]
    return laid_out


async def found(given: Material, kind: FindingKind) -> list[Finding]:
    return [f for f in (await packet(given)).findings if f.kind is kind]


async def test_a_split_of_grades_is_a_conflict_and_is_gone_with_one_of_them() -> None:
    (conflict,) = await found(material(), FindingKind.CONFLICT)
    assert (conflict.criterion, conflict.on_side, conflict.against) == ("M1", (ANA,), (BEN,))
    assert conflict.side is SupportedSide.FOR
    assert conflict.conflict is not None
    assert conflict.supporting
    assert all(any(c.text in text for _, text in SAID) for c in (*conflict.supporting, *conflict.refuting))
    agreed = replace(material(), cards=(card(ANA, ONE, M1=4), card(BEN, TWO, M1=3)))
    assert await found(agreed, FindingKind.CONFLICT) == []


async def test_what_nobody_asked_about_is_missing_and_supports_neither_side() -> None:
    given = material()
    unasked = replace(given, near={**given.near, **{(i, "M1"): {1: Nearness(terms=3, meaning=0.6)} for i in (ONE, TWO)}})
    (missing,) = await found(unasked, FindingKind.MISSING_SIGNAL)
    assert (missing.criterion, missing.probing, missing.asker) == ("M1", Probing.NEVER_ASKED, ANA)
    assert missing.question
    (conflict,) = await found(unasked, FindingKind.CONFLICT)
    assert (conflict.side, conflict.conflict) == (SupportedSide.NEITHER, ConflictKind.NO_EVIDENCE)
    assert await found(given, FindingKind.MISSING_SIGNAL) == []


async def test_drift_is_told_without_the_remark_and_is_gone_with_it() -> None:
    (drift,) = await found(material(), FindingKind.DRIFT)
    assert drift.interviewers == (BEN,)
    assert drift.claims == ("clm-3",)
    assert "northern" not in drift.model_dump_json()
    assert await found(replace(material(), readings=material().readings[:2]), FindingKind.DRIFT) == []


@pytest.mark.parametrize("kind", [FindingKind.UNSUPPORTED, FindingKind.OVER_INDEXING])
async def test_a_hunch_is_unsupported_and_a_leaning_and_both_are_gone_with_it(kind: FindingKind) -> None:
    (finding,) = await found(material(), kind)
    assert finding.claims == ("clm-2",)
    assert finding.interviewers == (BEN,)
    assert await found(replace(material(), readings=material().readings[:1]), kind) == []


async def test_ratings_are_shown_with_their_spread_and_no_total() -> None:
    told = await packet(material())
    assert {r.criterion: (r.grades, r.median, r.spread) for r in told.ratings} == {
        "M1": ((2, 4), 3.0, 2), "M2": ((3,), 3.0, 0), "M3": ((3,), 3.0, 0),
    }  # fmt: skip
    assert told.captured == 0.5, "of two claims about the job one rests on the record"
    assert told.waiting == ()


async def test_the_same_material_gives_the_same_packet() -> None:
    assert await packet(material()) == await packet(material())


async def test_nobodys_words_are_cited_as_the_candidates() -> None:
    told = await packet(material())
    cited = [c for f in told.findings for c in (*f.supporting, *f.refuting)]
    assert cited
    assert {c.speaker for c in cited} == {"tom"}
