"""Casts that were written by people who had not read the rules, played as written: each comes to what a fair human would have come to."""

import pytest

from agents.intake_agent.moves import gaps
from alignment.people import Role
from tests.agents.intake.cast import play
from tests.agents.intake.casts import Counterpart, cast_of, expected_of

MOST_TURNS = 30
KNOWN = ("second", "third", "fourth")
# Who only asks where to sign has not signed, whatever a fair human would take it for.
ASKS_WHERE = {"the solar boss with nine wishes": "open"}
EXPECTED = {name: done for cast in (*KNOWN, "fifth") for name, done in expected_of(cast).items()} | ASKS_WHERE
CASTS = tuple(counterpart for cast in KNOWN for counterpart in cast_of(cast))


@pytest.mark.parametrize("counterpart", CASTS, ids=lambda c: c.name)
async def test_a_counterpart_ends_signed_or_with_its_gaps_told_as_a_fair_human_would_have_it(counterpart: Counterpart) -> None:
    played = await play(counterpart)
    assert len(played.moves) <= MOST_TURNS
    assert played.state["done"] == EXPECTED[counterpart.name]
    if played.state["done"] == "signed":
        assert tuple(c.id for c in played.captured.criteria) == ("M1", "M2", "M3", "T1", "T2", "D1")
    else:
        assert len(played.captured.open_questions) >= len(gaps(played.state))
    assert all(any(c.role == Role.HIRING_MANAGER for c in criterion.said) for criterion in played.captured.criteria)
    assert played.captured.unverified == ()


@pytest.mark.parametrize("counterpart", cast_of("fifth"), ids=lambda c: c.name)
async def test_a_counterpart_of_the_last_cast_ends_whatever_it_comes_to_and_nobody_unwilling_signs(counterpart: Counterpart) -> None:
    played = await play(counterpart)
    assert len(played.moves) <= MOST_TURNS
    assert played.state["done"] in ("signed", "open")
    assert played.state["done"] == "open" or EXPECTED[counterpart.name] == "signed"
    assert all(any(c.role == Role.HIRING_MANAGER for c in criterion.said) for criterion in played.captured.criteria)
    assert played.captured.unverified == ()
