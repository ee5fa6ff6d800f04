"""A yes is a yes, and nothing else signs."""

import pytest

from agents.intake_agent.judgements import HeardKind, HearIn, Move
from agents.intake_agent.rules import hear

YES = (
    "Yes.",
    "Go on then.",
    "No changes.",
    "No, that's right.",
    "Spot on.",
    "Aye, looks good.",
    "I wouldn't change a thing.",
    "Happy with that.",
)
NOT = (
    "I'm not sure that's right.",
    "Yes, but the second one is not what I said.",
    "Right… is it?",
    "I can't agree to that.",
    "Fine, except for the deal-breaker.",
    "Not happy with that.",
    "Okay, once legal has seen it.",
    "Where is the good one?",
    "That's not it.",
    "I don't know, sure, whatever you say.",
)


@pytest.mark.parametrize("move", [Move.READ_BACK, Move.SIGN])
@pytest.mark.parametrize("message", YES)
async def test_a_yes_in_any_of_its_forms_is_taken(move: Move, message: str) -> None:
    heard = (await hear(HearIn(move=move, side="hiring_manager", message=message))).heard
    assert [h.kind for h in heard] == [HeardKind.AGREE]


@pytest.mark.parametrize("move", [Move.READ_BACK, Move.SIGN])
@pytest.mark.parametrize("message", NOT)
async def test_a_yes_that_is_hedged_asked_back_or_taken_back_signs_nothing(move: Move, message: str) -> None:
    heard = (await hear(HearIn(move=move, side="hiring_manager", message=message))).heard
    assert HeardKind.AGREE not in [h.kind for h in heard]
