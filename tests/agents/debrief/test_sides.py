"""Which side of a conflict counts what: claims that add nothing to their moments, for the side that their reader's grade takes."""

from dataclasses import replace

import pytest

from agents.debrief_referee.conflicts import borne
from agents.debrief_referee.material import Reading
from agents.debrief_referee.readers import strays
from alignment.citation import Citation, Quote
from alignment.debrief import FindingKind, SupportedSide
from alignment.feedback import Polarity, Verdict
from alignment.record import StatementId
from retrieval.verify import verify
from tests.agents.debrief.test_findings import ANA, BEN, ONE, SAID, TWO, found, material, reading, transcript


def taught() -> Citation:
    return verify(Quote(interview=ONE, text=SAID[3][1], speaker="tom", utterances=(3,)), transcript(ONE))


def claim(span: str, **told: object) -> Reading:
    return reading(7, ANA, ONE, span=span, moments=(taught(),), **told)


@pytest.mark.parametrize(
    ("span", "counts"),
    [
        ("He taught Mia to shape", True),
        ("He stood beside her for three weeks", True),
        ("He stood beside her for nine weeks", False),
        ("He never taught anybody", False),
        ("He taught Rosalind to shape", False),
    ],
    ids=["words", "number", "another number", "denial", "another name"],
)
def test_a_claim_counts_where_it_adds_nothing_to_its_moments(span: str, counts: bool) -> None:
    assert borne(material(), claim(span)) is counts


def test_what_its_author_has_settled_counts_and_what_nothing_bears_out_does_not() -> None:
    settled = StatementId("stm")
    assert borne(material(), claim("He taught Rosalind for nine weeks", statement=settled))
    assert not borne(material(), claim("He taught Mia to shape", verdict=Verdict.NO_EVIDENCE))
    assert not borne(material(), replace_moments(claim("He taught Mia to shape")))


def replace_moments(given: Reading) -> Reading:
    return given.model_copy(update={"moments": ()})


@pytest.mark.parametrize("polarity", list(Polarity))
async def test_a_claim_counts_for_its_readers_grade_however_its_words_lean(polarity: Polarity) -> None:
    there = verify(Quote(interview=TWO, text=SAID[3][1], speaker="tom", utterances=(3,)), transcript(TWO))
    against = reading(8, BEN, TWO, span="He taught Mia to shape", polarity=polarity, moments=(there,))
    (conflict,) = await found(replace(material(), readings=(against,)), FindingKind.CONFLICT)
    assert conflict.side is SupportedSide.AGAINST


@pytest.mark.parametrize(
    ("span", "is_one"),
    [
        ("I'd hoped for somebody a bit livelier", True),
        ("We would have liked to see someone who has done retail", True),
        ("Without a portfolio it is just talk", True),
        ("Anyone who bakes like that knows what a margin is", True),
        ("He hoped for rain and got it", False),
        ("Somebody on his shift can bake without him now", False),
        ("He works without a recipe", False),
    ],
)
def test_a_wish_a_condition_or_a_rule_of_ones_own_is_a_standard_outside_the_contract(span: str, is_one: bool) -> None:
    assert strays(claim(span)) is is_one


async def test_a_question_of_the_candidates_alone_is_no_moment() -> None:
    given = material()
    asked = {
        i: t.model_copy(update={"utterances": (*t.utterances[:3], t.utterances[3].model_copy(update={"text": "Which one, the heater?"}))})
        for i, t in given.transcripts.items()
    }
    (conflict,) = await found(replace(given, transcripts=asked), FindingKind.CONFLICT)
    assert [c.text for c in (*conflict.supporting, *conflict.refuting) if c.text.endswith("?")] == []
