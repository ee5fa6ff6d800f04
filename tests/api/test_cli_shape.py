"""`plumbline shape`, as an interviewer or a script answers it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cast import ANA, HAMID, SCREEN, SLUG, Ran
from tests.api.conftest import Run

F1 = ("shape", "F1", "--search", SLUG)


def _refused(ran: Ran, code: int, *said: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    for words in ("Error [", *said):
        assert words in ran.err


def _answers(path: Path, told: Any) -> str:
    file = path / "answers.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return str(file)


def _waiting(run: Run) -> list[dict[str, Any]]:
    waiting: list[dict[str, Any]] = run(*F1, "--json").json["waiting"]
    assert waiting
    return waiting


def test_without_a_terminal_the_claims_are_shown_and_nobody_is_asked(story: Run) -> None:
    ran = story(*F1, "--as", HAMID)
    assert ran.code == 0, ran.err
    assert "“He ran the routing service" in ran.out
    assert "wait for the interviewer" in ran.err
    for way in ("--as NAME", "--accept", "--answers FILE"):
        assert way in ran.err


def test_json_shows_where_it_stands_and_every_moment_is_verbatim(story: Run) -> None:
    standing = story(*F1, "--json").json
    assert standing.keys() == {"thread", "waiting", "problems", "claims", "shaping"}
    assert (standing["problems"], standing["shaping"]) == ([], None)
    said = " ".join(text for _, text in SCREEN)
    moments = [m for claim in standing["claims"] for m in claim["moments"]]
    assert moments
    assert all(m["text"] in said for m in moments)
    assert story(*F1, "--json").json == standing, "asked again, it answers from where it stands"


def test_answers_without_a_name_or_by_somebody_else_are_refused(story: Run, tmp_path: Path) -> None:
    answers = _answers(tmp_path, [])
    for way in (("--accept",), ("--answers", answers)):
        _refused(story(*F1, *way), 5, "[not_permitted]", "--as")
        _refused(story(*F1, *way, "--as", ANA), 5, f"{ANA} did not write this feedback")
        _refused(story(*F1, *way, "--as", "Nobody"), 3, "Nobody called Nobody", HAMID)
    assert _waiting(story)


def test_accepting_everything_finishes_and_a_second_time_is_harmless(story: Run) -> None:
    done = story(*F1, "--accept", "--as", HAMID, "--json")
    assert (done.code, done.json["waiting"]) == (0, [])
    shaping = done.json["shaping"]
    assert shaping["feedback"]
    assert story(*F1, "--accept", "--as", HAMID, "--json").json["shaping"] == shaping
    assert story(*F1, "--json").json["shaping"] == shaping
    listed = story("feedback", "list", "--search", SLUG, "--json").json
    assert [(f["name"], f["shaped"]) for f in listed] == [("F1", True), ("F2", False)]


def test_good_answers_from_a_file_are_taken(story: Run, tmp_path: Path) -> None:
    answers = _answers(tmp_path, [{"claim": c["claim"], "reply": "withdraw"} for c in _waiting(story)])
    done = story(*F1, "--answers", answers, "--as", HAMID, "--json")
    assert (done.code, done.json["waiting"], done.json["problems"]) == (0, [], [])
    assert done.json["shaping"]["statements"] == []
    late = story(*F1, "--answers", answers, "--as", HAMID)
    _refused(late, 4, "Nothing waits for an answer")


@pytest.mark.parametrize(
    ("told", "said"),
    [("{", "line 1"), ("", "line 1"), (None, "No such file")],
    ids=["torn", "empty", "missing"],
)
def test_answers_that_cannot_be_read_are_refused_by_file_and_form(standing: Run, tmp_path: Path, told: str | None, said: str) -> None:
    file = _answers(tmp_path, told) if told is not None else str(tmp_path / "answers.json")
    _refused(standing(*F1, "--answers", file, "--as", HAMID), 6, "answers.json", said, "{claim, reply, text, chosen}")


@pytest.mark.parametrize(
    "told",
    [
        ["accept"],
        [7],
        "null",
        [{"claim": "clm-nobody", "reply": "accept"}],
        [{"reply": "accept"}],
        [{"claim": "CLAIM", "reply": "applaud"}],
        [{"claim": "CLAIM", "reply": "edit", "text": " "}],
        [{"claim": "CLAIM", "reply": "edit", "text": "At minute 59 he said “I hate depots” to Zebedee."}],
        [{"claim": "CLAIM", "reply": "choose", "chosen": 99}],
        [{"claim": "CLAIM", "reply": "accept", "grade": 4}],
    ],
    ids=[
        "a word",
        "a number",
        "null",
        "unknown",
        "no claim",
        "no such reply",
        "blank edit",
        "invented words",
        "no such moment",
        "too much",
    ],
)
def test_answers_that_cannot_be_taken_are_told_and_the_claim_still_waits(standing: Run, tmp_path: Path, told: Any) -> None:
    claim = _waiting(standing)[0]["claim"]
    file = _answers(tmp_path, told if isinstance(told, str) else json.dumps(told).replace("CLAIM", claim))
    ran = standing(*F1, "--answers", file, "--as", HAMID, "--json")
    assert ran.code == 5
    assert ran.json["problems"]
    assert all(p["why"] for p in ran.json["problems"])
    assert claim in [w["claim"] for w in ran.json["waiting"]]


def test_both_ways_to_answer_at_once_are_refused(standing: Run, tmp_path: Path) -> None:
    _refused(standing(*F1, "--accept", "--answers", _answers(tmp_path, []), "--as", HAMID), 6, "--accept and --answers")


def test_at_a_terminal_the_interviewer_is_asked_claim_by_claim(story: Run) -> None:
    ran = story(*F1, "--as", HAMID, stdin="w\n" * 9, terminal=True)
    assert ran.code == 0, ran.err
    assert "[a]ccept, [e]dit, [w]ithdraw" in ran.out
    assert story(*F1, "--json").json["waiting"] == []


def test_a_terminal_that_hangs_up_leaves_what_was_answered(story: Run) -> None:
    ran = story(*F1, "--as", HAMID, stdin="", terminal=True)
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert _waiting(story)


def test_feedback_that_is_unknown_is_refused_with_what_there_is(standing: Run) -> None:
    _refused(standing("shape", "F9", "--search", SLUG), 3, "There is no feedback F9", "There are: F1, F2.")
    _refused(standing("shape", "F1", "--search", "nope"), 3, "There is no search nope")
