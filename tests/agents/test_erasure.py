"""Erasure: what was said, typed, asked, heard and kept about one interview is nowhere in any byte of the home."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from agents.corpus_questions.answering import answer as answer_all
from agents.debriefs import debrief
from agents.desk import add_feedback, consent_from, open_interview
from agents.erasure.asking import Asked, erase_interview
from agents.ingestion import ingest
from agents.room import ask, said_before
from agents.turns import answer, shape
from agents.workbench import Workbench, open_workbench
from alignment.erasing import Erasure
from alignment.errors import BadRequest, ConsentMissing, NotFound, PlumblineError
from tests.agents.cast import DANA, INES, TOMAS, every, parsed
from tests.agents.erasure_cast import (
    ASKED,
    GONE,
    HEARD,
    KEPT,
    MODEL,
    OTHER,
    SAID,
    SOUNDED,
    TEAM,
    TYPED,
    WORK,
    Home,
    files_with,
    forms_of,
    lines_of,
    nowhere,
    settings_in,
    told_home,
    without_marks,
)  # fmt: skip

pytestmark = pytest.mark.asyncio(loop_scope="session")
BY = Asked(by="Dana Whitlock", reason="asked for by letter, case 12")


@pytest.fixture(scope="session")
def models(bench: Workbench) -> Path:
    """The converted embedder of the session's home."""
    return bench.settings.home / "models"


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, models: Path) -> AsyncIterator[Home]:
    async with told_home(settings_in(tmp_path / "home", models)) as told:
        yield told


async def erased(home: Home, name: str = WORK) -> Erasure:
    return await erase_interview(home.bench, home.search, name, BY, jobs=home.jobs)


@pytest.mark.parametrize("word", ["quokkanautic", "abc defgh", "zephyrkrill!"])
async def test_the_search_finds_a_word_in_any_of_its_forms(tmp_path: Path, word: str) -> None:
    around = [b"", b"x", b"xy", b"xyz"]
    written = [before + word.encode() + b" after" for before in around]
    for n, content in enumerate([*written, *map(base64.b64encode, written), word.encode("utf-16-le"), word.encode("utf-16-be")]):
        (tmp_path / f"{n}.bin").write_bytes(content)
        assert files_with(tmp_path, word) == {word: [f"{n}.bin"]}, n
        (tmp_path / f"{n}.bin").unlink()
    assert all(len(form) >= len(word) - 4 for form in forms_of(word))


async def test_no_byte_of_the_home_holds_a_word_of_an_erased_interview(home: Home) -> None:
    before = files_with(home.path, *GONE, *OTHER)
    where = {word: without_marks(places) for word, places in before.items()}
    assert where[SAID] >= {"plumbline.db"}
    assert where[TYPED] >= {"plumbline.db", "conversations.db"}
    assert where[ASKED] == {"conversations.db"}
    assert (where[HEARD], where[SOUNDED], where[KEPT]) == ({"plumbline.db"}, {"media"}, {"plumbline.db"})
    assert where[MODEL] == {"replies.jsonl"}
    (capture,) = await home.bench.store.captures(home.org, home.work.id)
    assert without_marks(files_with(home.path, capture.capture.id)[capture.capture.id]) >= {"plumbline.db", "jobs.db"}

    receipt = await erased(home)
    assert nowhere(home.path, *GONE, capture.capture.id)
    assert receipt.done_at is not None
    counts = receipt.counts
    expected = {"interviews": 1, "transcripts": 1, "feedback": 1, "recordings": 1, "captures": 1, "media": 1}
    assert {name: counts[name] for name in expected} == expected
    assert (counts["conversations"], counts["kept_replies"], counts["model_replies"]) == (2, 1, 1)
    told = receipt.model_dump_json()
    assert not [word for word in (*GONE, TOMAS, WORK) if word in told]


async def test_nothing_of_it_is_there_after_the_home_was_closed_and_opened_again(tmp_path: Path, models: Path) -> None:
    settings = settings_in(tmp_path / "home", models)
    async with told_home(settings) as home:
        await erased(home)
    assert nowhere(settings.home, *GONE)
    async with open_workbench(settings) as bench:
        assert {c.interview for c in await bench.store.transcripts_current(home.org)} == {home.team.id}
    assert nowhere(settings.home, *GONE)


async def test_another_interview_of_the_same_candidate_keeps_everything(home: Home) -> None:
    store, org = home.bench.store, home.org
    (kept,) = [f for f in await store.feedback_of(org) if f.interview == home.team.id]
    stands = await shape(home.bench, org, kept.id)
    transcript = await store.transcript(org, home.team.id)
    await erased(home)
    assert await store.transcript(org, home.team.id) == transcript
    assert await store.feedback_of(org) == (kept,)
    assert (await shape(home.bench, org, kept.id)).shown == stands.shown
    assert all(files_with(home.path, *OTHER).values())
    assert set(await home.bench.index.held(org)) == {transcript.id}
    assert len(await store.recordings(org, home.team.id)) == 1
    assert [c.capture.interview for c in await store.captures(org)] == [home.team.id]
    answer = await ask(home.bench, home.search, DANA, "What did he say of an outage?", candidate=TOMAS)
    assert {c.interview for s in answer.sentences for c in s.citations} <= {home.team.id}


async def test_erasing_it_twice_gives_the_same_receipt_and_changes_nothing(home: Home) -> None:
    first = await erased(home)
    assert await erased(home) == first
    assert await home.bench.store.erasures(home.org) == (first,)
    with pytest.raises(NotFound, match="no interview 9-never"):
        await erased(home, "9-never")


async def test_two_who_ask_at_once_get_one_receipt(home: Home) -> None:
    both = await asyncio.gather(erased(home), erased(home))
    assert len({e.id for e in both}) == 1
    assert nowhere(home.path, *GONE)


async def test_without_the_queue_at_hand_its_rows_go_all_the_same(tmp_path: Path, models: Path) -> None:
    async with told_home(settings_in(tmp_path / "home", models), jobs=False) as home:
        (capture,) = await home.bench.store.captures(home.org, home.work.id)
        assert "jobs.db" in without_marks(files_with(home.path, capture.capture.id)[capture.capture.id])
        await erased(home)
        assert nowhere(home.path, *GONE, capture.capture.id)


async def test_a_recording_that_another_interview_has_too_stays(home: Home) -> None:
    (held,) = await home.bench.store.recordings(home.org, home.work.id)
    (own,) = await home.bench.store.captures(home.org, home.work.id)
    given = {"interview": home.team.id, "digest": held.digest}
    twin = own.capture.model_copy(update={"id": "cap-twin", **given})
    await home.bench.store.add_capture(home.org, held.model_copy(update=given), twin)
    assert (await erased(home)).counts["media"] == 0
    assert home.bench.media.path(home.org, held.digest).is_file()
    assert (await erased(home, TEAM)).counts["media"] == 2
    assert nowhere(home.path, *GONE, *OTHER)


async def test_a_reason_that_names_the_candidate_is_refused_since_it_stays(home: Home) -> None:
    with pytest.raises(BadRequest, match="names whom it is about"):
        await erase_interview(home.bench, home.search, WORK, Asked(by="Dana", reason=f"{TOMAS.upper()} wrote to us"))
    assert await home.bench.store.erasures(home.org) == ()


async def test_nobody_goes_on_with_a_conversation_about_what_was_erased(home: Home) -> None:
    (gone,) = [f for f in await home.bench.store.feedback_of(home.org) if f.interview == home.work.id]
    await erased(home)
    with pytest.raises(NotFound):
        await shape(home.bench, home.org, gone.id)
    assert await said_before(home.bench, home.search, DANA, candidate=TOMAS) == ()


async def test_events_stay_and_tell_nothing_of_what_is_gone(home: Home) -> None:
    before = await home.bench.store.events(home.org)
    await erased(home)
    after = await home.bench.store.events(home.org)
    assert [e.number for e in after] == [e.number for e in before]
    assert not [e for e in after if home.work.id in e.data.values()]
    assert [e for e in after if home.team.id in e.data.values()] == [e for e in before if home.team.id in e.data.values()]


async def test_under_the_same_name_another_interview_may_come(home: Home) -> None:
    await erased(home)
    again = await open_interview(home.bench, home.search, WORK, TOMAS)
    with pytest.raises(ConsentMissing, match="No consent of the candidate"):
        await ingest(home.bench, home.org, again, parsed(lines_of("plain", "new")))
    again = await home.bench.store.record_consent(home.org, again.id, consent_from("agreed by letter"))
    assert (await ingest(home.bench, home.org, again, parsed(lines_of("plain", "new")))).new


async def test_what_runs_while_it_is_erased_leaves_nothing_behind(home: Home) -> None:
    bench, search = home.bench, home.search
    late = await add_feedback(bench, search, WORK, INES, f"He named the {TYPED} outage twice. It fell flat.")
    correction = parsed(lines_of(SAID, "corrected"))
    beside = (
        shape(bench, home.org, late.id),
        ask(bench, search, DANA, f"Did he mention the {ASKED} at all?", candidate=TOMAS, thread="new"),
        ingest(bench, home.org, home.work, correction, correction="heard again"),
        debrief(bench, search),
        answer_all(bench, home.org, f"who spoke of {SAID}?", date(2026, 4, 1)),
    )
    running = [asyncio.create_task(work) for work in beside]
    await asyncio.sleep(0.05)
    receipt = await erased(home)
    ended = await asyncio.gather(*running, return_exceptions=True)
    assert not [e for e in ended if isinstance(e, BaseException) and not isinstance(e, PlumblineError)]
    assert receipt.done_at is not None
    await answer_all(bench, home.org, "where do candidates fall short?", date(2026, 4, 1))
    assert nowhere(home.path, *GONE)
    assert set(await bench.index.held(home.org)) == {(await bench.store.transcript(home.org, home.team.id)).id}
    assert set(await bench.index.cells.held(home.org)) <= {home.team.id}


async def test_statements_go_and_so_does_what_cites_it_elsewhere(home: Home) -> None:
    bench, store = home.bench, home.bench.store
    settled = {}
    for name in (WORK, TEAM):
        feedback = await add_feedback(bench, home.search, name, INES, "He rolled the release back in March when it went down on a Friday.")
        turn = await shape(bench, home.org, feedback.id)
        done = await answer(bench, home.org, feedback.id, every(turn, "accept"))
        assert done.shaping is not None
        settled[feedback.interview] = done.shaping
    ours, theirs = settled[home.work.id], settled[home.team.id]
    assert ours.statements
    assert theirs.statements
    borrowed = theirs.statements[0].model_copy(update={"citations": ours.statements[0].citations})
    await store.save_shaping(home.org, theirs.model_copy(update={"thread": "borrowed", "statements": (borrowed,)}))
    receipt = await erased(home)
    assert (receipt.counts["statements"], receipt.counts["shapings"], receipt.counts["shapings_elsewhere"]) == (len(ours.statements), 1, 1)
    assert nowhere(home.path, *GONE)
    (kept,) = await store.shapings(home.org, theirs.feedback)
    assert kept == theirs
    assert await store.statements(home.org) == theirs.statements
