"""`plumbline ingest FOLDER` and `plumbline reindex`, as somebody with a whole search in files uses them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.api.cast import ANA, DANA, DESIGN, FEEDBACK, HAMID, SLUG, Ran, vtt, write_folder
from tests.api.conftest import Run

AGREED = ("--consent", "recorded-elsewhere")


def _nothing_on_record(run: Run) -> bool:
    listed: Any = run("search", "list", "--json").json
    return bool(listed == [])


def _refused(ran: Ran, code: int, *said: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    for words in ("Error [", *said):
        assert words in ran.err


def test_a_folder_comes_in_whole_and_a_second_time_changes_nothing(plumbline: Run, folder: Path) -> None:
    first = plumbline("ingest", str(folder), *AGREED)
    assert first.code == 0, first.err
    assert "1-screen: 8 utterances (webvtt), version 1 on record." in first.out
    assert "2 pieces of feedback and 2 scorecards are on record for staff-engineer." in first.out
    assert "Nobody is known by SPEAKER_01" in first.err
    again = plumbline("ingest", str(folder), *AGREED, "--json")
    assert [(row["interview"], row["new"]) for row in again.json] == [("1-screen", False), ("2-design", False)]
    assert [f["name"] for f in plumbline("feedback", "list", "--search", SLUG, "--json").json] == ["F1", "F2"]


def test_a_folder_without_stated_consent_is_refused_and_nothing_is_half_made(plumbline: Run, folder: Path) -> None:
    _refused(plumbline("ingest", str(folder)), 5, "[consent_missing]", "--consent")
    assert _nothing_on_record(plumbline)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("interviews/2-design.srt", "", "2-design.srt"),
        ("interviews/3-extra.bin", b"\x00\x01\x02\xff" * 999, "3-extra.bin"),
        ("search.json", "{", "search.json, line 1"),
        ("feedback.jsonl", '{"id": "F1"}\n', "feedback.jsonl, line 1"),
        ("scorecards.json", '[{"interviewer": "Hamid Sarraf", "criterion": "M1", "grade": 5}]', "scorecards.json, [0].grade"),
        ("gold/contract.json", '{"must_haves": []}', "contract.json"),
    ],
    ids=["an empty interview", "a binary interview", "search.json", "feedback", "scorecards", "contract"],
)
def test_one_bad_file_in_a_folder_leaves_nothing_behind(plumbline: Run, folder: Path, file: str, content: str | bytes, said: str) -> None:
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    _refused(plumbline("ingest", str(folder), *AGREED), 6, said)
    assert _nothing_on_record(plumbline)


def test_feedback_by_a_stranger_on_an_interview_outside_the_plan_leaves_nothing_behind(plumbline: Run, tmp_path: Path) -> None:
    head = {"interviews": {"1-screen.vtt": vtt(DESIGN), "2-design.vtt": vtt(DESIGN), "3-extra.vtt": vtt(DESIGN)}}
    rows = [*FEEDBACK, {"id": "F3", "interview": "3-extra", "interviewer": "A Stranger", "raw": "Hm."}]
    path = write_folder(tmp_path / "odd", feedback=rows, **head)
    _refused(plumbline("ingest", str(path), *AGREED), 6, "A Stranger does not take part", "F3", ANA, HAMID, DANA)
    assert _nothing_on_record(plumbline)


def test_a_folder_that_is_no_search_is_refused_by_what_it_lacks(standing: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    _refused(standing("ingest", str(tmp_path / "notes"), *AGREED), 6, "notes/search.json")
    _refused(standing("ingest", str(tmp_path / "nowhere"), *AGREED), 6, "No such file", "nowhere")


@pytest.mark.parametrize(
    "option",
    [("--search", "x"), ("--candidate", "x"), ("--interview", "x"), ("--date", "2026-01-01"), ("--speaker", "A=B"), ("--correct", "x")],
    ids=lambda option: str(option[0]),
)
def test_what_a_folder_tells_itself_cannot_be_told_beside_it(standing: Run, folder: Path, option: tuple[str, str]) -> None:
    _refused(standing("ingest", str(folder), *AGREED, *option), 6, f"{option[0]} is for files", "search.json")


def test_reindexing_makes_a_lost_index_anew(story: Run, told_home: Path) -> None:
    shutil.rmtree(told_home / "index")
    done = story("reindex")
    assert (done.code, done.out) == (0, "The index is made anew from 2 transcripts.\n")
    assert story("find", "the cache filled up", "--json").json[0]["interview"] == "1-screen"


def test_an_index_that_was_lost_is_healed_by_the_next_command(story: Run, told_home: Path) -> None:
    shutil.rmtree(told_home / "index")
    assert story("find", "the cache filled up", "--json").json[0]["interview"] == "1-screen"


def test_reindexing_an_empty_record_says_so(plumbline: Run) -> None:
    assert plumbline("reindex").out == "The index is made anew from 0 transcripts.\n"
