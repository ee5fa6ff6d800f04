"""What the interviewer answers: accept, edit, choose or withdraw, and what goes back with a sentence why."""

import asyncio
from typing import Any

import pytest

from agents.turns import Turn, answer, shape
from alignment.errors import Conflict
from alignment.feedback import Feedback, Reply, Shaping, Verdict
from retrieval.verify import check_citation
from tests.agents.cast import CONVERSATION, Scene, every, play, reply

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAST = "He rolled the release back within four minutes"
DENYING = {"no,", "not", "never.", "can't"}
BOTH = f"{FAST}, but he chose the database himself"


def settled(turn: Turn) -> Shaping:
    assert turn.waiting == ()
    assert turn.shaping is not None
    return turn.shaping


async def answered(scene: Scene, feedback: Feedback, *answers: Any) -> Turn:
    return await answer(scene.bench, scene.organisation, feedback.id, list(answers))


async def test_accepting_a_statement_puts_it_on_record_as_it_was_shown(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    shaping = settled(await answered(scene, feedback, reply(turn, "accept")))
    (statement,) = shaping.statements
    assert (statement.text, statement.edited, statement.verdict) == (turn.waiting[0]["text"], False, Verdict.SUPPORTED)
    assert [(a.reply, a.claim) for a in shaping.answers] == [(Reply.ACCEPT, statement.claim)]
    assert await scene.bench.store.shapings(scene.organisation, feedback.id) == (shaping,)


async def test_an_edit_that_its_moments_hold_becomes_the_statement(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    words = "He rolled the release back and then wrote a report that the whole team read."
    (statement,) = settled(await answered(scene, feedback, reply(turn, "edit", text=f" {words} "))).statements
    assert (statement.text, statement.edited) == (words, True)
    assert statement.citations[0].text.startswith("In March our payments service")


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ("He rolled the release back within nine minutes.", "nine"),
        ("He rolled the release back and Priya wrote the report.", "Priya"),
        ("He said “the release was mine alone”.", "the release was mine alone"),
        ("He rolled the release back at minute 47.", "47"),
        ("He rolled the release back on a Thursday.", "Thursday"),
        ("He did not roll the release back.", "not"),
    ],
    ids=["number", "name", "quotation", "minute", "day", "negation"],
)
async def test_an_edit_that_adds_to_its_moments_goes_back_with_a_sentence_and_the_claim_waits_on(
    scene: Scene, added: str, words: str
) -> None:
    quiet = await play(scene.bench, [u for u in CONVERSATION if not DENYING & set(u[1].lower().split())])
    feedback, turn = await quiet.shaped(f"{FAST}.")
    n = next(i for i, c in enumerate(turn.waiting) if c["kind"] == "statement")
    after = await answered(scene, feedback, reply(turn, "edit", n, text=added))
    (problem,) = after.problems
    assert problem["claim"] == turn.waiting[n]["claim"]
    assert words in problem["why"]
    assert problem["why"].endswith(".")
    assert [c["claim"] for c in after.waiting] == [c["claim"] for c in turn.waiting]
    assert after.waiting[n]["text"] == turn.waiting[n]["text"]
    assert after.shaping is None


async def test_an_edit_of_what_has_no_moment_is_refused_and_so_is_an_empty_or_endless_one(scene: Scene) -> None:
    feedback, turn = await scene.shaped("Didn't click.")
    assert "No moment carries this yet" in (await answered(scene, feedback, reply(turn, "edit", text="He was slow."))).problems[0]["why"]
    other, stated = await scene.shaped(f"{FAST}.")
    assert (await answered(scene, other, reply(stated, "edit", text="  "))).problems[0]["why"] == "An edit needs its text."
    assert "at most" in (await answered(scene, other, reply(stated, "edit", text="he rolled it back " * 500))).problems[0]["why"]


async def test_choosing_a_moment_makes_a_statement_that_rests_on_it_alone(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    shown = turn.waiting[0]["moments"]
    (statement,) = settled(await answered(scene, feedback, reply(turn, "choose", chosen=2))).statements
    assert statement.citations[0].first == shown[1]["first"]
    assert {c.first for c in statement.citations} <= {shown[1]["first"], shown[1]["first"] - 1}
    assert shown[1]["text"][:20] in statement.text
    assert "the interviewer chose the moment" in statement.judged.notes


async def test_a_contradicted_claim_stands_only_on_a_moment_that_the_interviewer_chose(scene: Scene) -> None:
    feedback, turn = await scene.shaped("He never sat with another team to settle anything.")
    assert turn.waiting[0]["verdict"] == "contradicted"
    (statement,) = settled(await answered(scene, feedback, reply(turn, "choose", chosen=1))).statements
    check_citation(statement.citations[0], scene.transcript)
    assert statement.verdict is Verdict.SUPPORTED


async def test_a_withdrawn_claim_leaves_no_statement_and_no_question(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{BOTH}.")
    assert len(turn.waiting) == 2
    done = await answered(scene, feedback, reply(turn, "withdraw", 0), reply(turn, "withdraw", 1))
    shaping = settled(done)
    assert (shaping.statements, shaping.questions, shaping.set_aside) == ((), (), ())
    assert len(shaping.claims) == 2
    assert {a.reply for a in shaping.answers} == {Reply.WITHDRAW}
    assert (await scene.bench.store.feedback(scene.organisation, feedback.id)).raw == f"{BOTH}."


async def test_answers_may_come_one_at_a_time(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{BOTH}.")
    first = await answered(scene, feedback, reply(turn, "accept", 0))
    assert first.shaping is None
    assert [c["claim"] for c in first.waiting] == [turn.waiting[1]["claim"]]
    second = await answered(scene, feedback, reply(first, "accept", 0))
    assert len(settled(second).answers) == 2


BAD: list[tuple[str, Any]] = [
    ("nothing at all", None),
    ("words", "accept everything, please"),
    ("a number", 7),
    ("no reply", {"claim": "clm-1"}),
    ("a reply that there is not", {"claim": "clm-1", "reply": "hire"}),
    ("an unknown claim", {"claim": "clm-none", "reply": "accept"}),
    ("a field that there is not", {"claim": "clm-1", "reply": "accept", "hire": True}),
    ("text that is no text", {"claim": "clm-1", "reply": "edit", "text": ["a"]}),
    ("half a character", {"claim": "clm-1", "reply": "edit", "text": "\ud800"}),
    ("a character that no store keeps", {"claim": "clm-1", "reply": "edit", "text": "He rolled\x00 it back."}),
    ("words that are read backwards", {"claim": "clm-1", "reply": "edit", "text": "He \u202e rolled it back."}),
    ("no number at all", {"claim": "clm-1", "reply": "choose", "chosen": "the second"}),
    ("a list in a list", [[]]),
]


async def test_a_bad_answer_is_a_problem_in_a_sentence_and_the_good_one_beside_it_is_taken(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{BOTH}.")
    bad = [b for _, b in BAD]
    after = await answered(scene, feedback, *bad, reply(turn, "accept", 0))
    assert len(after.problems) == len(bad)
    assert all(p["why"].endswith(".") for p in after.problems)
    assert [c["claim"] for c in after.waiting] == [turn.waiting[1]["claim"]]


@pytest.mark.parametrize("answers", [b for _, b in BAD if b is not None], ids=[name for name, b in BAD if b is not None])
async def test_what_is_no_list_of_answers_is_a_problem_and_no_crash(scene: Scene, answers: Any) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    after = await answer(scene.bench, scene.organisation, feedback.id, answers)
    assert after.problems
    assert [c["claim"] for c in after.waiting] == [c["claim"] for c in turn.waiting]


async def test_a_number_beside_an_acceptance_is_passed_over(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    (taken,) = settled(await answered(scene, feedback, reply(turn, "accept", chosen=10**30))).answers
    assert (taken.reply, taken.chosen) == (Reply.ACCEPT, None)


async def test_no_answers_at_all_change_nothing(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    after = await answer(scene.bench, scene.organisation, feedback.id, [])
    assert after.waiting == turn.waiting
    assert after.problems == ()


@pytest.mark.parametrize("chosen", [None, 0, -1, 4, 10**9])
async def test_a_moment_that_was_not_shown_cannot_be_chosen(scene: Scene, chosen: int | None) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    after = await answered(scene, feedback, reply(turn, "choose", chosen=chosen))
    assert after.problems[0]["why"] == "Choose one of the moments 1 to 3."
    vague, asked = await scene.shaped("Didn't click.")
    nothing = await answered(scene, vague, reply(asked, "choose", chosen=chosen))
    assert nothing.problems[0]["why"] == "There is no moment to choose from."


async def test_what_could_not_be_taken_is_told_even_where_the_rest_settles_all(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    done = await answered(scene, feedback, {"claim": "clm-none", "reply": "accept"}, reply(turn, "accept"))
    assert len(settled(done).answers) == 1
    assert [p["claim"] for p in done.problems] == ["clm-none"]
    assert (await shape(scene.bench, scene.organisation, feedback.id)).problems == ()


async def test_the_same_claim_twice_in_one_answer_counts_once(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    shaping = settled(await answered(scene, feedback, reply(turn, "accept"), reply(turn, "withdraw")))
    assert [a.reply for a in shaping.answers] == [Reply.ACCEPT]
    assert len(shaping.statements) == 1


async def test_problems_are_shown_until_the_next_answer_and_not_longer(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    assert (await answered(scene, feedback, {"claim": "clm-none", "reply": "accept"})).problems
    assert (await shape(scene.bench, scene.organisation, feedback.id)).problems
    assert (await answered(scene, feedback, reply(turn, "accept"))).problems == ()


async def test_asking_twice_is_harmless(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    assert await shape(scene.bench, scene.organisation, feedback.id) == turn
    done = await answered(scene, feedback, *every(turn, "accept"))
    assert await shape(scene.bench, scene.organisation, feedback.id) == done
    assert len(await scene.bench.store.shapings(scene.organisation, feedback.id)) == 1


async def test_answering_what_is_settled_is_a_conflict_and_changes_nothing(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    done = await answered(scene, feedback, *every(turn, "accept"))
    with pytest.raises(Conflict, match="Nothing waits"):
        await answered(scene, feedback, *every(turn, "withdraw"))
    assert (await shape(scene.bench, scene.organisation, feedback.id)).shaping == done.shaping


async def test_two_answers_at_once_do_not_fork_the_conversation(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{FAST}.")
    outcomes = await asyncio.gather(
        answered(scene, feedback, *every(turn, "accept")), answered(scene, feedback, *every(turn, "withdraw")), return_exceptions=True
    )
    taken = [o for o in outcomes if isinstance(o, Turn)]
    assert [type(o) for o in outcomes if not isinstance(o, Turn)] == [Conflict]
    assert await scene.bench.store.shapings(scene.organisation, feedback.id) == (settled(taken[0]),)


async def test_two_claims_answered_at_once_are_both_taken(scene: Scene) -> None:
    feedback, turn = await scene.shaped(f"{BOTH}.")
    await asyncio.gather(*(answered(scene, feedback, reply(turn, "accept", n)) for n in range(2)))
    assert len(settled(await shape(scene.bench, scene.organisation, feedback.id)).answers) == 2


async def test_asking_and_answering_at_once_shape_once(scene: Scene) -> None:
    feedback = await scene.wrote(f"{FAST}.")
    turns = await asyncio.gather(*(shape(scene.bench, scene.organisation, feedback.id) for _ in range(4)))
    assert all(t == turns[0] for t in turns)
