"""What an interviewer answers in words, in a chat: which claim is meant, and what becomes of it."""

from typing import Any

import pytest

from agents.feedback_shaper.spoken import answers_in

SHOWN = [{"claim": f"c{n}"} for n in (1, 2, 3)]


def _accept(claim: str) -> dict[str, Any]:
    return {"claim": claim, "reply": "accept"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("accept", [_accept("c1")]),
        ("Yes.", [_accept("c1")]),
        ("I agree", [_accept("c1")]),
        ("2 accept", [_accept("c2")]),
        ("claim 3: accept", [_accept("c3")]),
        ("3) ok", [_accept("c3")]),
        ("accept all", [_accept("c1"), _accept("c2"), _accept("c3")]),
        ("Accept everything.", [_accept("c1"), _accept("c2"), _accept("c3")]),
        ("1 accept; 3 withdraw", [_accept("c1"), {"claim": "c3", "reply": "withdraw"}]),
        ("accept\ntake it back", [_accept("c1"), {"claim": "c2", "reply": "withdraw"}]),
        ("2", [{"claim": "c1", "reply": "choose", "chosen": 2}]),
        ("2 moment 1", [{"claim": "c2", "reply": "choose", "chosen": 1}]),
        ("I mean moment 3", [{"claim": "c1", "reply": "choose", "chosen": 3}]),
        ("2 edit: He said so; twice.", [{"claim": "c2", "reply": "edit", "text": "He said so; twice."}]),
        ("1 accept; 2 edit: One.\nTwo.", [_accept("c1"), {"claim": "c2", "reply": "edit", "text": "One.\nTwo."}]),
    ],
)
def test_answers_are_heard_as_they_are_meant(text: str, meant: list[dict[str, Any]]) -> None:
    assert answers_in(text, SHOWN, SHOWN) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hm",
        "perhaps accept",
        "accept, but he was late",
        "9 accept",
        "0 accept",
        "yes and no",
        "accept the offer",
        "edit:",
        "1 accept; hm",
        "do not accept",
    ],
)
def test_what_is_no_answer_changes_nothing_not_even_in_part(text: str) -> None:
    assert answers_in(text, SHOWN, SHOWN) == []


def test_what_does_not_wait_any_more_is_not_counted_as_the_first() -> None:
    assert answers_in("accept", SHOWN, SHOWN[2:]) == [_accept("c3")]
    assert answers_in("accept", SHOWN, []) == []
    assert answers_in("accept; accept", SHOWN, SHOWN[2:]) == []
