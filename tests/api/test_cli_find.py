"""`plumbline find`, as anybody with a question uses it."""

import pytest

from tests.api.cast import HAMID, SLUG, TOMAS, Ran
from tests.api.conftest import Run


def _refused(ran: Ran, code: int, *said: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    for words in ("Error [", *said):
        assert words in ran.err


def test_a_question_is_answered_with_the_moment_its_place_and_what_stands_around_it(standing: Run) -> None:
    ran = standing("find", "who was paged for the routing service")
    assert ran.code == 0
    head, *rest = ran.out.splitlines()
    assert head.startswith("1. 1-screen 0:3")
    assert TOMAS in head
    assert any("I was paged for it every second week" in line for line in rest)
    assert any(line.strip().startswith(f"{HAMID}:") for line in rest)


def test_json_carries_the_words_the_times_and_the_neighbours(standing: Run) -> None:
    first = standing("find", "who was paged for the routing service", "--json").json[0]
    assert first.keys() == {
        *("search", "interview", "candidate", "speaker", "label", "utterance", "first"),
        *("start_s", "end_s", "text", "before", "after", "score"),
    }
    assert (first["search"], first["interview"], first["candidate"], first["speaker"]) == (SLUG, "1-screen", TOMAS, TOMAS)
    assert "paged" in first["text"]
    assert first["start_s"] < first["end_s"]


def test_a_speaker_whom_nobody_mapped_is_shown_by_the_label_alone(standing: Run) -> None:
    first = standing(
        "find", "the warehouse people said the window was too short", "--interview", "2-design", "--search", SLUG, "--json"
    ).json
    assert (first[0]["label"], first[0]["speaker"]) == ("SPEAKER_01", "“SPEAKER_01”")


def test_filters_narrow_to_a_search_an_interview_and_a_role(standing: Run) -> None:
    by = standing("find", "work", "--search", SLUG, "--interview", "2-design", "--limit", "20", "--json").json
    assert {m["interview"] for m in by} == {"2-design"}
    said = standing("find", "a service that others depended on", "--role", "interviewer", "--limit", "20", "--json").json
    assert said
    assert TOMAS not in {m["speaker"] for m in said}
    assert "SPEAKER_01" not in {m["label"] for m in said}
    assert len(standing("find", "work", "--limit", "1", "--json").json) == 1


def test_an_unknown_role_search_or_interview_is_refused_with_those_that_there_are(standing: Run) -> None:
    _refused(standing("find", "x", "--role", "boss"), 3, "no role boss", "candidate, interviewer, recruiter, hiring_manager")
    _refused(standing("find", "x", "--search", "nope"), 3, "There is no search nope", SLUG)
    _refused(standing("find", "x", "--search", SLUG, "--interview", "nope"), 3, "There is no interview nope", "1-screen, 2-design")
    _refused(standing("find", "x", "--interview", "1-screen"), 3, "within a search")


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_refused_with_an_example(standing: Run, question: str) -> None:
    _refused(standing("find", question, "--json"), 6, "The question is empty", "plumbline find")


@pytest.mark.parametrize("limit", ["0", "51", "many"])
def test_an_impossible_limit_is_a_usage_error(standing: Run, limit: str) -> None:
    ran = standing("find", "x", "--limit", limit)
    assert (ran.code, ran.out) == (2, "")
    assert "--limit" in ran.err


def test_an_empty_record_answers_with_no_moment(plumbline: Run) -> None:
    ran = plumbline("find", "a conflict")
    assert (ran.code, ran.out) == (0, "The record holds no moment for “a conflict”.\n")
    assert plumbline("find", "a conflict", "--json").json == []


def test_words_that_look_like_markup_are_shown_as_they_stand(standing: Run) -> None:
    ran = standing("find", "[bold]paged[/bold] [/] [red]", "--search", SLUG)
    assert ran.code == 0
