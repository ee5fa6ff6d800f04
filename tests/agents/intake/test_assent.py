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
    "Yeah. Short, but yeah, that's it.",
    "Why not? Yes.",
    "Well, what else would it be? Yes, it's right.",
    "Fair enough, I lost that one. Signed.",
    "Signing now.",
    "Yes. Signed, and I won't touch it again.",
    "Signed, can I go?",
    "Without the sales, yeah? Then yes, that's it.",
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
    "Where do I put my name?",
    "Signed? Not yet.",
    "Signed. Can I change the second one?",
    "Why would I? Yes or no, it's all the same.",
    "Yes, but it's wrong.",
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
