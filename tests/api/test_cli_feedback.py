"""`plumbline feedback add | list` and `plumbline scorecard add`, as interviewers use them."""

import pytest

from tests.api.cast import ANA, DANA, HAMID, PRIYA, SLUG, TOMAS, Ran
from tests.api.conftest import Run

ON = ("--search", SLUG, "--interview", "2-design")


def _refused(ran: Ran, code: int, *said: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    for words in ("Error [", *said):
        assert words in ran.err


def _listed(run: Run) -> list[tuple[str, str, str]]:
    return [(f["name"], f["interviewer"], f["raw"]) for f in run("feedback", "list", "--search", SLUG, "--json").json]


def test_feedback_is_kept_word_for_word_and_the_next_step_is_told(story: Run) -> None:
    raw = "Said “nothing comes to mind”…\n  and then – nothing. 100 % [sic] 🙂"
    told = story("feedback", "add", *ON, "--as", ANA, raw)
    assert told.code == 0, told.err
    assert f"plumbline shape F3 --search {SLUG} --as '{ANA}'" in told.out
    assert _listed(story)[-1] == ("F3", ANA, raw)


def test_feedback_is_read_from_standard_input_byte_for_byte(story: Run) -> None:
    kept = story("feedback", "add", *ON, "--as", ANA, "--json", stdin="Could not name a conflict.\n")
    assert kept.json["raw"].strip() == "Could not name a conflict."
    dash = story("feedback", "add", *ON, "--as", ANA, "-", stdin="A second thought.")
    assert dash.code == 0
    assert [row[0] for row in _listed(story)] == ["F1", "F2", "F3", "F4"]


def test_who_types_feedback_is_told_how_to_end_it(standing: Run) -> None:
    ran = standing("feedback", "add", *ON, "--as", ANA, stdin="", terminal=True)
    assert "Ctrl-D" in ran.err
    assert ran.code == 6


@pytest.mark.parametrize("raw", ["", "  ", "\n\t\n"])
def test_empty_feedback_is_refused_from_either_place(standing: Run, raw: str) -> None:
    _refused(standing("feedback", "add", *ON, "--as", ANA, raw), 6, "The feedback is empty")
    _refused(standing("feedback", "add", *ON, "--as", ANA, stdin=raw), 6, "The feedback is empty")


def test_bytes_that_are_no_text_are_refused(standing: Run) -> None:
    _refused(standing("feedback", "add", *ON, "--as", ANA, stdin=b"caf\xe9 \xff"), 6, "not UTF-8")


def test_an_unknown_person_is_refused_with_who_there_is(standing: Run) -> None:
    people = f"There are: {', '.join(sorted([ANA, DANA, HAMID, PRIYA]))}."
    _refused(standing("feedback", "add", *ON, "--as", "Nobody", "Hm."), 3, "Nobody called Nobody takes part", people)
    _refused(standing("feedback", "add", *ON, "--as", "", "Hm."), 3, "(no name)", people)


def test_a_candidate_writes_no_feedback(standing: Run) -> None:
    _refused(standing("feedback", "add", *ON, "--as", TOMAS, "I was great."), 3, f"Nobody called {TOMAS}")


def test_an_unknown_interview_or_search_is_refused_with_those_that_there_are(standing: Run) -> None:
    _refused(standing("feedback", "add", "--search", SLUG, "--interview", "9-x", "--as", ANA, "Hm."), 3, "9-x", "1-screen, 2-design")
    _refused(standing("feedback", "add", "--search", "nope", "--interview", "2-design", "--as", ANA, "Hm."), 3, SLUG)


def test_the_same_feedback_twice_is_one(standing: Run) -> None:
    again = standing("feedback", "add", *ON, "--as", ANA, "Didn't click for me.", "--json")
    assert (again.code, again.json["name"]) == (0, "F2")
    assert len(_listed(standing)) == 2


def test_a_name_that_is_taken_is_a_conflict_and_the_next_number_steps_over_it(story: Run) -> None:
    _refused(story("feedback", "add", *ON, "--as", ANA, "--name", "F1", "Something else."), 4, "already a feedback called F1")
    assert story("feedback", "add", *ON, "--as", ANA, "--name", "F4", "Out of turn.").code == 0
    names = [story("feedback", "add", *ON, "--as", ANA, raw, "--json").json["name"] for raw in ("One more.", "And one.")]
    assert names == ["F3", "F5"]


def test_the_list_tells_what_is_open(standing: Run) -> None:
    listed = standing("feedback", "list", "--search", SLUG)
    assert listed.out.splitlines() == [
        f"F1  1-screen  {HAMID}  open  He ran the routing service and was paged for it himself.",
        f"F2  2-design  {ANA}  open  Didn't click for me.",
    ]


def test_a_scorecard_is_kept_the_same_again_is_harmless_and_other_grades_are_a_conflict(story: Run) -> None:
    card = ("scorecard", "add", *ON, "--as", PRIYA)
    assert story(*card, "M1=3", "t2=1").out == f"The scorecard of {PRIYA} for 2-design is on record.\n"
    assert story(*card, "M1=3", "T2=1").code == 0
    _refused(story(*card, "M1=4", "T2=1"), 4, "with other grades")


@pytest.mark.parametrize("grade", ["M1=0", "M1=5", "M1=", "M1", "X1=3", "M1=good", "=3", "M1=3.5"])
def test_a_grade_that_is_none_is_refused_with_its_form(standing: Run, grade: str) -> None:
    _refused(standing("scorecard", "add", *ON, "--as", ANA, "M2=3", grade), 6, repr(grade), "M1=3, with 1 to 4")


def test_a_criterion_graded_twice_is_refused(standing: Run) -> None:
    _refused(standing("scorecard", "add", *ON, "--as", ANA, "M1=3", "M1=4"), 6, "M1 is graded 2 times")


def test_a_scorecard_needs_a_known_person_interview_and_a_grade(standing: Run) -> None:
    _refused(standing("scorecard", "add", *ON, "--as", "Nobody", "M1=3"), 3, "Nobody called Nobody", ANA)
    _refused(standing("scorecard", "add", "--search", SLUG, "--interview", "9-x", "--as", ANA, "M1=3"), 3, "1-screen, 2-design")
    assert standing("scorecard", "add", *ON, "--as", ANA).code == 2
