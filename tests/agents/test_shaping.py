"""Shaping up to the interviewer: what is stated, what is asked, and on which moments each rests."""

import pytest

from agents.asking import find
from agents.turns import Turn, answer, shape, shaping_context
from alignment.errors import NotFound
from alignment.feedback import Verdict
from alignment.record import FeedbackId, OrganisationId
from retrieval.verify import check_citation
from retrieval.wording import unsupported_words
from tests.agents.cast import BRAM, INES, TOMAS, Scene, every, play

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAST = "He rolled the release back within four minutes."
DENIED = "Never once sat with another team to settle a decision."
SLOGANS = "When I asked about arguments with other teams, he gave me slogans."


def only(turn: Turn) -> dict[str, object]:
    (one,) = turn.shown
    return one


async def test_shaping_stops_for_the_interviewer_before_anything_is_on_record(scene: Scene) -> None:
    feedback, turn = await scene.shaped(FAST)
    assert turn.shaping is None
    assert [c["claim"] for c in turn.waiting] == [c["id"] for c in turn.claims]
    assert await scene.bench.store.shapings(scene.organisation, feedback.id) == ()


async def test_a_claim_that_the_record_bears_out_becomes_a_statement_with_its_moment_and_its_criterion(scene: Scene) -> None:
    _, turn = await scene.shaped(FAST)
    shown = only(turn)
    assert (shown["verdict"], shown["kind"], shown["criterion"]) == ("supported", "statement", "M1")
    assert "at minute 20, the candidate said: “In March our payments service went down" in str(shown["text"])
    assert "On the question “What did you do first?”" in str(shown["text"])
    assert str(shown["text"]).endswith("That bears on must-have #1.")


async def test_every_moment_that_is_shown_is_cited_from_the_candidate_verbatim(scene: Scene) -> None:
    for raw in (FAST, DENIED, SLOGANS):
        _, turn = await scene.shaped(raw)
        moments = only(turn)["moments"]
        assert isinstance(moments, list)
        assert 1 <= len(moments) <= 3
        for moment in moments:
            assert moment["text"] in scene.transcript.utterances[moment["first"]].text
            assert moment["name"] == TOMAS


async def test_a_denial_that_the_record_refutes_is_put_as_a_question_with_the_moment(scene: Scene) -> None:
    _, turn = await scene.shaped(DENIED)
    shown = only(turn)
    assert (shown["verdict"], shown["kind"]) == ("contradicted", "question")
    assert DENIED.rstrip(".") in str(shown["text"])
    assert "I sat with the finance team for two weeks" in str(shown["text"])
    assert str(shown["text"]).endswith("or did you mean something else?")


async def test_a_denial_that_is_settled_leaves_no_statement(scene: Scene) -> None:
    feedback, turn = await scene.shaped(DENIED)
    assert only(turn)["verdict"] == "contradicted"
    done = await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
    assert done.shaping is not None
    assert done.shaping.statements == ()
    assert [(q.verdict, len(q.moments)) for q in done.shaping.questions] == [(Verdict.CONTRADICTED, len(turn.claims[0]["quotes"]))]


async def test_a_complaint_about_an_answer_points_at_the_reply_that_told_little(scene: Scene) -> None:
    _, turn = await scene.shaped(SLOGANS)
    shown = only(turn)
    assert (shown["verdict"], shown["criterion"]) == ("supported", "M2")
    assert "“When did you last argue with another team over a decision?”" in str(shown["text"])
    assert "I can't think of one." in str(shown["text"])


async def test_a_guess_is_asked_about_and_never_stated(scene: Scene) -> None:
    _, turn = await scene.shaped("I'd worry how he would cope with our release process.")
    shown = only(turn)
    assert (shown["verdict"], shown["kind"]) == ("no_evidence", "question")


async def test_a_feeling_that_names_nothing_is_asked_about_with_no_moment_and_no_criterion(scene: Scene) -> None:
    _, turn = await scene.shaped("Didn't click.")
    shown = only(turn)
    assert (shown["verdict"], shown["kind"], shown["criterion"], shown["moments"]) == ("too_vague", "question", None, [])
    assert "Didn't click" in str(shown["text"])
    assert str(shown["text"]).endswith("One moment is enough.")


async def test_a_question_carries_no_complaint_about_its_own_words(scene: Scene) -> None:
    for raw in ("Something felt off.", DENIED, "I'd worry how he would cope with our release process."):
        _, turn = await scene.shaped(raw)
        assert [c["notes"] for c in turn.claims] == [[]]


async def test_every_claim_is_a_stretch_of_the_raw_text_and_the_raw_text_is_kept(scene: Scene) -> None:
    raw = "  He rolled the release back, but he couldn't name an argument.\n\nDidn't click. "
    feedback, turn = await scene.shaped(raw)
    kept = await scene.bench.store.feedback(scene.organisation, feedback.id)
    assert kept.raw == raw.strip()
    assert len(turn.claims) > 1
    assert [kept.raw[c["start"] : c["end"]] for c in turn.claims] == [c["span"] for c in turn.claims]


async def test_two_interviewers_who_disagree_are_each_shown_the_same_record(scene: Scene) -> None:
    _, by_ines = await scene.shaped("He sat with the finance team until they signed the numbers.", INES)
    _, by_bram = await scene.shaped("He never sat with the finance team about the numbers.", BRAM)
    first, second = only(by_ines), only(by_bram)
    assert (first["verdict"], second["verdict"]) == ("supported", "contradicted")
    assert isinstance(first["moments"], list)
    assert isinstance(second["moments"], list)
    assert first["moments"][0]["first"] == second["moments"][0]["first"] == 11


async def test_statements_verify_again_from_the_store(scene: Scene) -> None:
    feedback, turn = await scene.shaped("He chose the database himself, and he rolled the release back on a Friday.")
    await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
    stored = [s for s in await scene.bench.store.statements(scene.organisation, search=scene.search.id) if s.feedback == feedback.id]
    assert stored
    contract = await scene.bench.store.contract(scene.organisation, scene.search.id, feedback.contract_version)
    for statement in stored:
        transcript = await scene.bench.store.transcript(scene.organisation, statement.interview)
        assert statement.citations[0].name == TOMAS
        for citation in statement.citations:
            check_citation(citation, transcript)
        assert unsupported_words(statement.text, statement.citations, contract.criterion(statement.criterion or "")) == []
        assert statement.contract_version == feedback.contract_version


async def test_an_unmapped_speaker_is_cited_by_label_and_called_by_it(scene: Scene) -> None:
    labels = {INES: "SPEAKER_00", TOMAS: "SPEAKER_01"}
    unmapped = await play(scene.bench, [(labels[u.speaker], u.text) for u in scene.transcript.utterances])
    feedback, turn = await unmapped.shaped(FAST)
    assert "the speaker labelled “SPEAKER_01” said" in str(only(turn)["text"])
    assert "the candidate" not in str(only(turn)["text"])
    done = await answer(scene.bench, scene.organisation, feedback.id, every(turn, "accept"))
    assert done.shaping is not None
    (statement,) = done.shaping.statements
    assert all((c.name, c.role, c.person) == ("", "", None) for c in statement.citations)
    assert {c.speaker for c in statement.citations} == {"SPEAKER_00", "SPEAKER_01"}
    assert TOMAS not in statement.text


async def test_without_times_the_utterance_is_cited(scene: Scene) -> None:
    untimed = await play(scene.bench, [(u.speaker, u.text) for u in scene.transcript.utterances], timed=False)
    _, turn = await untimed.shaped(FAST)
    shown = only(turn)
    assert "On the question “What did you do first?” in utterance u3, the candidate said" in str(shown["text"])
    assert "minute" not in str(shown["text"]).split("said")[0]
    assert isinstance(shown["moments"], list)
    assert {(m["start_s"], m["end_s"]) for m in shown["moments"]} == {(None, None)}


async def test_a_question_that_no_one_utterance_holds_is_not_quoted(scene: Scene) -> None:
    parted = await play(
        scene.bench, [(INES, "So what did you do"), (INES, "about the release that Friday?"), (TOMAS, "I rolled the release back.")]
    )
    _, turn = await parted.shaped("He rolled the release back.")
    shown = only(turn)
    assert shown["kind"] == "statement"
    assert "On the question" not in str(shown["text"])


@pytest.mark.parametrize("said", [[(TOMAS, "I rolled the release back.")], [(INES, "Is anybody there?")]])
async def test_a_transcript_with_one_voice_is_shaped_all_the_same(scene: Scene, said: list[tuple[str, str]]) -> None:
    alone = await play(scene.bench, said)
    _, turn = await alone.shaped("He rolled the release back.")
    assert only(turn)["kind"] == ("statement" if said[0][0] == TOMAS else "question")


async def test_feedback_of_another_organisation_is_not_found(scene: Scene) -> None:
    feedback = await scene.wrote("He chose the database.")
    other = await scene.bench.store.create_organisation("Other")
    with pytest.raises(NotFound):
        await shape(scene.bench, other.id, feedback.id)
    with pytest.raises(NotFound):
        await shape(scene.bench, scene.organisation, FeedbackId("fbk-none"))
    with pytest.raises(NotFound):
        await shape(scene.bench, OrganisationId("org-none"), feedback.id)


async def test_the_panel_plan_of_this_interviewer_is_what_counts(scene: Scene) -> None:
    by_ines = await shaping_context(scene.bench, await scene.wrote("Didn't click.", INES))
    by_bram = await shaping_context(scene.bench, await scene.wrote("Didn't click.", BRAM))
    assert by_ines.focus == {"M1", "M2", "T1"}
    assert by_bram.focus == set()
    assert by_ines.panel["M3"] == (BRAM,)


async def test_the_record_answers_a_question_with_the_moment_and_who_said_it(scene: Scene) -> None:
    found = await find(scene.bench, scene.organisation, "Who chose the database?", search=scene.search.slug, role="candidate")
    assert found[0]["speaker"] == TOMAS
    assert "I chose Postgres in May." in found[0]["text"]
    assert await find(scene.bench, scene.organisation, "  ") == []
    with pytest.raises(NotFound):
        await find(scene.bench, scene.organisation, "Who?", role="judge")
