"""The second cast, played as it stands: whatever each comes to, nothing is signed but a whole contract in the manager's words."""

import pytest

from agents.intake_agent.moves import gaps
from alignment.people import Role
from tests.agents.intake.cast import play
from tests.agents.intake.casts import Counterpart
from tests.agents.intake.second_cast import EXPECTED, SECOND_CAST


@pytest.mark.parametrize("counterpart", SECOND_CAST, ids=lambda c: c.name)
async def test_a_counterpart_that_the_rules_never_saw_ends_signed_or_with_its_gaps_told(counterpart: Counterpart) -> None:
    played = await play(counterpart)
    assert played.state["done"] in ("signed", "open")
    if played.state["done"] == "signed":
        assert tuple(c.id for c in played.captured.criteria) == ("M1", "M2", "M3", "T1", "T2", "D1")
        assert EXPECTED[counterpart.name] == "signed", "who would not sign has signed"
    else:
        assert len(played.captured.open_questions) >= len(gaps(played.state))
    assert all(any(c.role == Role.HIRING_MANAGER for c in criterion.said) for criterion in played.captured.criteria)
    assert played.captured.unverified == ()
