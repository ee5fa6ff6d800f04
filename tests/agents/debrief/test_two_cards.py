"""Who has given what, and when everybody has: two scorecards of one reader, another wording of a criterion, an interview still to come."""

from dataclasses import replace

from agents.debrief_referee.material import Material
from agents.debrief_referee.worded import Worded
from alignment.contract import Contract
from alignment.debrief import FindingKind
from alignment.people import PanelSeat
from tests.agents.debrief.test_findings import ANA, BEN, ONE, TWO, card, found, material, packet, reading


def twice(first: int, second: int) -> Material:
    again = card(ANA, TWO, M1=second).model_copy(update={"id": "crd-ana-2"})
    return replace(material(), cards=(card(ANA, ONE, M1=first, M2=3), again, card(BEN, TWO, M1=2, M3=3)))


async def test_both_grades_of_one_reader_are_shown_and_neither_is_lost() -> None:
    told = await packet(twice(4, 3))
    assert {r.criterion: (r.grades, r.spread) for r in told.ratings}["M1"] == ((2, 3, 4), 2)
    (conflict,) = await found(twice(4, 3), FindingKind.CONFLICT)
    assert conflict.on_side == (ANA,)


async def test_whoever_graded_a_line_high_and_low_reads_it_neither_way() -> None:
    assert await found(twice(4, 1), FindingKind.CONFLICT) == []
    assert twice(4, 1).given["M1"][ANA] == (4, 1)
    assert ANA not in twice(4, 1).grades["M1"]


async def test_a_round_waits_for_the_card_of_every_interview_that_somebody_held() -> None:
    given = material()
    seats = (*given.search.panel, PanelSeat(person=ANA, name="Ana", interview=TWO, interview_name="two", focus=("M2",)))
    both = replace(given, search=given.search.model_copy(update={"panel": seats}))
    assert (await packet(both)).waiting == (ANA,)
    assert (await packet(replace(given, to_come=(BEN,)))).waiting == (BEN,)
    assert (await packet(given)).waiting == ()


def version(n: int, text: str) -> Contract:
    first = material().contract
    lines = tuple(c.model_copy(update={"text": text}) if c.id == "M1" else c for c in first.criteria)
    return first.model_copy(update={"version": n, "criteria": lines})


def test_a_grade_on_another_wording_is_not_laid_beside_this_one() -> None:
    old, new = version(1, "Has moved a live system"), version(2, "Has baked for three hundred people a day")
    worded = Worded(new, (old, new))
    given = card(ANA, ONE, M1=1, M2=3)
    assert [(g.criterion, g.grade) for g in worded.card(given).grades] == [("M2", 3)]
    assert worded.reading(reading(1, ANA, ONE)).criterion is None
    assert Worded(old, (old, new)).card(given) == given
    assert Worded(new, (version(1, "HAS baked  for three hundred people a day"), new)).card(given) == given
