"""A whole search, told in files: Dana and Priya's contract, Gareth and Beatrix's feedback on Tomás, and what became of each claim."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from agents.asking import find
from agents.desk import organisation_of
from agents.folders import criteria_of, take_in, take_in_feedback, take_in_scorecards
from agents.turns import Turn, answer, shape
from agents.workbench import Workbench, open_workbench
from alignment.contract import CRITERION_IDS, Contract
from alignment.errors import Conflict
from alignment.feedback import Feedback, Shaping, Verdict
from alignment.people import Organisation, Search
from alignment.settings import load_settings
from corpus.folders import SearchFolder, read_search_folder
from retrieval.verify import check_citation
from retrieval.wording import unsupported_words

pytestmark = pytest.mark.asyncio(loop_scope="module")
FOLDER = Path(__file__).parents[2] / "corpus" / "samples" / "harbour-analyst"
AT = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """The search as it stands once every interviewer has answered."""

    bench: Workbench
    organisation: Organisation
    search: Search
    folder: SearchFolder
    contract: Contract
    feedback: dict[str, Feedback]
    first: dict[str, Turn]
    settled: dict[str, Shaping]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    """Files in, shaped, answered: accepted throughout, but for what Gareth withdraws and what Beatrix words herself."""
    folder = read_search_folder(FOLDER)
    heard: list[str] = []
    async with open_workbench(load_settings(home=tmp_path_factory.mktemp("home"))) as bench:
        organisation = await organisation_of(bench)
        search, _ = await take_in(bench, organisation.id, folder, criteria_of(FOLDER, folder), heard.append)
        feedback = {f.name: f for f in await take_in_feedback(bench, search, folder)}
        await take_in_scorecards(bench, search, folder)
        first = {name: await shape(bench, organisation.id, f.id) for name, f in feedback.items()}
        settled = {}
        for name, turn in first.items():
            answers = [{"claim": c["claim"], "reply": "withdraw" if name == "F3" else "accept"} for c in turn.waiting]
            if name == "F1":
                answers = [{"claim": turn.waiting[0]["claim"], "reply": "edit", "text": "The candidate timed everything that came in."}]
            done = await answer(bench, organisation.id, feedback[name].id, answers)
            assert done.problems == ()
            assert done.shaping is not None
            settled[name] = done.shaping
        contract = await bench.store.contract(organisation.id, search.id)
        yield Told(bench, organisation, search, folder, contract, feedback, first, settled)


async def test_the_contract_is_three_two_one_and_both_sides_can_sign_it(story: Told) -> None:
    assert story.contract.gaps() == ()
    assert [c.id for c in story.contract.criteria] == list(CRITERION_IDS)
    dana, priya = story.search.recruiter, story.search.hiring_manager
    assert dana is not None
    assert priya is not None
    once = story.contract.sign("recruiter", dana.id, dana.name, AT)
    assert not once.signed
    assert once.sign("hiring_manager", priya.id, priya.name, AT).signed


async def test_every_piece_of_feedback_is_kept_as_it_was_written(story: Told) -> None:
    written = {row.id: row.raw for row in story.folder.feedback}
    kept = await story.bench.store.feedback_of(story.organisation.id, search=story.search.id)
    assert {f.name: f.raw for f in kept} == written
    for name, shaping in story.settled.items():
        assert [written[name][c.start : c.end] for c in shaping.claims] == [c.span for c in shaping.claims]


async def test_every_statement_on_record_verifies_again_and_adds_nothing_to_its_citations(story: Told) -> None:
    statements = await story.bench.store.statements(story.organisation.id, search=story.search.id)
    assert len(statements) >= 4
    for statement in statements:
        transcript = await story.bench.store.transcript(story.organisation.id, statement.interview)
        for citation in statement.citations:
            check_citation(citation, transcript)
        criterion = story.contract.criterion(statement.criterion or "")
        assert unsupported_words(statement.text, statement.citations, criterion) == []
        assert statement.contract_version == story.contract.version
        assert statement.citations[0].role == "candidate"


async def test_what_did_not_click_is_a_question_and_no_statement(story: Told) -> None:
    shaping = story.settled["F7"]
    assert shaping.statements == ()
    assert [q.verdict for q in shaping.questions] == [Verdict.TOO_VAGUE]
    assert "It didn't click for me" in shaping.questions[0].text


async def test_what_he_never_told_gareth_and_did_tell_is_put_to_gareth_with_a_moment(story: Told) -> None:
    (question,) = story.settled["F2"].questions
    assert (question.verdict, question.criterion) == (Verdict.CONTRADICTED, "M2")
    assert question.moments
    assert story.settled["F2"].statements == ()


async def test_the_little_one_at_home_is_set_aside_and_nowhere_else(story: Told) -> None:
    (aside,) = story.settled["F4"].set_aside
    spans = {c.id: c for c in story.settled["F4"].claims}
    assert "little one at home" in spans[aside.claim].span
    assert spans[aside.claim].criterion is None
    assert "family or private life" in aside.why
    statements = await story.bench.store.statements(story.organisation.id, search=story.search.id)
    assert not any("little one" in s.text for s in statements)


async def test_what_gareth_withdrew_left_no_statement_and_no_question(story: Told) -> None:
    assert story.settled["F3"].claims
    assert (story.settled["F3"].statements, story.settled["F3"].questions) == ((), ())


async def test_what_gareth_worded_himself_stands_as_he_worded_it(story: Told) -> None:
    (statement,) = story.settled["F1"].statements
    assert (statement.text, statement.edited) == ("The candidate timed everything that came in.", True)


async def test_the_same_files_again_change_nothing(story: Told) -> None:
    before = await story.bench.store.statements(story.organisation.id, search=story.search.id)
    search, ingested = await take_in(story.bench, story.organisation.id, story.folder, criteria_of(FOLDER, story.folder), lambda _: None)
    again = {f.name: f for f in await take_in_feedback(story.bench, search, story.folder)}
    assert search == story.search
    assert [i.new for _, i in ingested] == [False, False]
    assert again == story.feedback
    assert await story.bench.store.statements(story.organisation.id, search=story.search.id) == before
    with pytest.raises(Conflict):
        await answer(story.bench, story.organisation.id, again["F1"].id, [])


async def test_the_record_answers_with_what_the_candidate_said_and_where(story: Told) -> None:
    asked = "Who uses the yellow sheet and what do they decide with it?"
    found = await find(story.bench, story.organisation.id, asked, search=story.search.slug, role="candidate")
    assert found[0]["interview"] == "2-planning"
    assert "yellow" in found[0]["text"]
    assert {m["speaker"] for m in found} == {"Tomás Arriaga"}
