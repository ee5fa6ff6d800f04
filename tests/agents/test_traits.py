"""Remarks on protected traits and likeness are set aside and tied to nothing; the same words about the work are not."""

from dataclasses import dataclass

import pytest

from agents.feedback_shaper.rules.fitness import unfit
from agents.language.traits import TRAITS, WHY, trait_in
from agents.turns import answer
from alignment.feedback import Verdict
from tests.agents.cast import Scene, every


@dataclass(frozen=True)
class Pair:
    """How a group is voiced about the candidate, and the same word about the work."""

    remark: str
    work: str


PAIRS = {
    "age": Pair("He's a bit too old for a team like this", "He inherited an old system and made its tests fast"),
    "family or private life": Pair("She has two small kids at home", "His partner team at the bank agreed to the date"),
    "accent, voice or mother tongue": Pair("I could hardly follow his accent", "He picked the accent colours for the charts"),
    "origin, nationality or background": Pair("You can tell he's not from around here", "He found the race condition in the scheduler"),
    "religion or belief": Pair("He prays at lunchtime", "The project for the church hall ran late and he said so"),
    "health or disability": Pair("He walks with a limp", "He disabled the feature flag before the release"),
    "looks or dress": Pair("Turned up in scruffy trainers", "He made the offer attractive to small customers"),
    "sex or gender": Pair("Rather bossy for a woman", "He ran the boot camp for new analysts"),
    "likeness to the team rather than the work": Pair(
        "I'm not sure he's a culture fit", "He explained how the report fits into the month end"
    ),
}
WORK = [
    "They added foreign keys to the ledger",
    "The old service was limping along and he replaced it",
    "He designed the rota of the passport desk",
    "He was heavy on detail about the ledger",
    "Her background is in finance, and she reads a balance sheet",
    "He carried the transfer figure for eleven months",
    "His back-end work at the bank was tested",
    "His old team still calls him about the ledger",
]


def test_every_group_has_its_pair_here() -> None:
    assert {t.name for t in TRAITS} == set(PAIRS)


@pytest.mark.parametrize("name", PAIRS)
def test_a_remark_is_recognised_as_its_group_and_named_in_one_sentence(name: str) -> None:
    found = trait_in(PAIRS[name].remark)
    assert found is not None
    assert found.name == name
    assert name in found.why
    assert found.why.count(".") == 1
    assert unfit(PAIRS[name].remark, {}) is Verdict.NOT_JOB_RELATED


@pytest.mark.parametrize("work", [*[p.work for p in PAIRS.values()], *WORK])
def test_the_same_word_about_the_work_is_about_the_job(work: str) -> None:
    assert trait_in(work) is None
    assert unfit(work, {}) is None


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_remark_is_set_aside_in_the_interviewers_words_and_tied_to_no_criterion(scene: Scene, name: str) -> None:
    feedback, turn = await scene.shaped(f"{PAIRS[name].remark}. He rolled the release back within four minutes.")
    aside = [c for c in turn.claims if c["verdict"] == Verdict.NOT_JOB_RELATED]
    assert [c["span"] for c in aside] == [PAIRS[name].remark]
    assert (aside[0]["criterion"], aside[0]["quotes"], aside[0]["asserted"]) == (None, [], False)
    assert name in aside[0]["why"]
    assert PAIRS[name].remark not in "".join(c["text"] for c in turn.shown if c["kind"] != "set_aside")
    assert feedback.raw.startswith(PAIRS[name].remark)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_remark_never_waits_for_an_answer_and_ends_up_beside_the_statements(scene: Scene) -> None:
    feedback, turn = await scene.shaped("He rolled the release back within four minutes. She has two small kids at home.")
    assert [c["span"] for c in turn.waiting] == ["He rolled the release back within four minutes"]
    aside = next(c["id"] for c in turn.claims if c["verdict"] == Verdict.NOT_JOB_RELATED)
    refused = await answer(scene.bench, scene.organisation, feedback.id, [{"claim": aside, "reply": "accept"}])
    assert refused.problems[0]["claim"] == aside
    done = await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
    assert done.shaping is not None
    assert [s.claim for s in done.shaping.set_aside] == [aside]
    assert aside not in {s.claim for s in done.shaping.statements} | {q.claim for q in done.shaping.questions}
    assert next(c for c in done.shaping.claims if c.id == aside).criterion is None


@pytest.mark.asyncio(loop_scope="session")
async def test_only_a_remark_means_nothing_waits_and_all_is_settled_at_once(scene: Scene) -> None:
    _, turn = await scene.shaped("Honestly, he's too old for us.")
    assert turn.waiting == ()
    assert turn.shaping is not None
    assert len(turn.shaping.set_aside) == 1
    assert (turn.shaping.statements, turn.shaping.questions) == ((), ())


def test_a_group_that_nothing_recognised_is_still_told_in_one_sentence() -> None:
    assert WHY.count(".") == 1
