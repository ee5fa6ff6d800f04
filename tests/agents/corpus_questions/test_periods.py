"""The days that a question is about, and what is said of those that nobody understands."""

from datetime import date

import pytest

from agents.corpus_questions.periods import left_over, period_in
from agents.corpus_questions.reading import read
from alignment.corpus_answer import Measure

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ("this quarter", "2026-10-01 to 2026-12-31"),
        ("last quarter", "2026-07-01 to 2026-09-30"),
        ("since Q2", "since 2026-04-01"),
        ("before Q3", "before 2026-07-01"),
        ("from Q1 to Q3", "2026-01-01 to 2026-09-30"),
        ("2025 Q3", "2025-07-01 to 2025-09-30"),
        ("in Q3 25", "2025-07-01 to 2025-09-30"),
        ("last year's Q4", "2025-10-01 to 2025-12-31"),
        ("since last month", "since 2026-10-01"),
        ("after 2025", "since 2026-01-01"),
        ("before this year", "before 2026-01-01"),
        ("since 2026-03-15", "since 2026-03-15"),
        ("since 15 March 2026", "since 2026-03-15"),
        ("from 2024 to 2025", "2024-01-01 to 2025-12-31"),
        ("from November to January", "2025-11-01 to 2026-01-31"),
        ("in March and April", "2026-03-01 to 2026-04-30"),
        ("in February 2024", "2024-02-01 to 2024-02-29"),
        ("in the last seven days", "2026-11-19 to 2026-11-26"),
        ("over the past year", "2025-11-26 to 2026-11-26"),
        ("yesterday", "2026-11-25 to 2026-11-25"),
        ("in the second quarter of last year", "2025-04-01 to 2025-06-30"),
        ("in May", "2026-05-01 to 2026-05-31"),
    ],
)
def test_a_time_is_read_as_people_mean_it_and_taken_out_of_the_question(told: str, days: str) -> None:
    period, rest = period_in(f"where do nurses lose us {told} by family", TODAY)
    assert period is not None
    assert period.told == days
    assert rest == "where do nurses lose us by family"


@pytest.mark.parametrize("text", ["how may I see who marches ahead", "what did they do before deciding", "since we met"])
def test_words_that_also_stand_for_times_are_none_by_themselves(text: str) -> None:
    assert period_in(text, TODAY) == (None, text)
    assert left_over(text) == ""


@pytest.mark.parametrize(
    "question",
    [
        "where do candidates lose us in the last 9999 years",
        "where do candidates lose us in the last 99999999999 days",
        "where do candidates lose us this spring",
        "where do candidates for frontend roles lose us",
        "where do our astronaut hires fall short",
    ],
)
def test_a_time_or_a_role_that_is_not_understood_is_told_and_not_left_out(question: str) -> None:
    assert read(question, TODAY, ["nursing", "backend engineering"], []).unread


def test_a_question_that_names_nothing_to_look_for_has_no_theme() -> None:
    asked = read("Show three candidates who described", TODAY, [], [])
    assert (asked.measure, asked.theme) == (Measure.MOMENTS, "")


def test_a_name_that_is_also_a_month_is_a_name() -> None:
    asked = read("Is June Okada harsher than the panel?", TODAY, ["nursing"], ["June Okada"])
    assert (asked.measure, asked.interviewer, asked.period) == (Measure.CALIBRATION, "June Okada", None)


@pytest.mark.parametrize(
    "question",
    ["Who is the worst interviewer?", "who did best on M1", "how many candidates have we rejected", "who is the strongest engineer we saw"],
)
def test_nobody_is_ranked_and_no_decision_is_counted(question: str) -> None:
    assert read(question, TODAY, ["nursing"], []).measure is Measure.CANNOT
