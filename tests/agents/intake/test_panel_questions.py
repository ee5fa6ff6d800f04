"""The questions of a panel pack: about this criterion, and such that one can put them to a candidate."""

import pytest

from agents import panel_questions
from alignment.contract import Criterion
from tests.agents.intake.cast import play
from tests.agents.intake.casts import PLAIN


async def criteria() -> dict[str, Criterion]:
    return {c.id: c for c in (await play(PLAIN)).captured.criteria}


def worded(criterion: Criterion, text: str) -> Criterion:
    return criterion.model_copy(update={"text": text, "shown_by": ""})


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("They've led a crew on their own.", "When have you led a crew on your own? Tell me one time, from the beginning."),
        ("I need somebody who's told an owner no.", "When have you told an owner no? Tell me one time, from the beginning."),
        ("Has run a night shift", "When have you run a night shift? Tell me one time, from the beginning."),
    ],
)
async def test_a_deed_is_asked_for_as_the_candidates_own(text: str, question: str) -> None:
    assert panel_questions.questions(worded((await criteria())["M1"], text))[0] == question


@pytest.mark.parametrize(
    "text", ["They've called a client before they'd missed it.", "They've got to have the no to their face.", "Calm under fire"]
)
async def test_what_would_speak_of_somebody_else_is_quoted_instead(text: str) -> None:
    assert f"“{text.rstrip('.')}”" in panel_questions.questions(worded((await criteria())["M1"], text))[0]


async def test_strong_evidence_is_told_in_the_managers_words_where_there_are_any() -> None:
    held = await criteria()
    seen = next(c for c in held.values() if c.shown_by and c.shown_by not in c.text)
    assert seen.shown_by.rstrip(".") in panel_questions.strong(seen)
    kinds = {panel_questions.strong(worded(held[id], "x")) for id in ("M1", "T1", "D1")}
    assert len(kinds) == len({panel_questions.weak(held[id]) for id in ("M1", "T1", "D1")}) == 3
