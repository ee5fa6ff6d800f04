"""Weighing without a model: how a claim is worded, what the nearest replies tell, and which moment comes first."""

from typing import Any

import pytest

from agents.feedback_shaper.judgements import CriterionView, MomentView, TieIn, WeighIn, WeighOut
from agents.feedback_shaper.rules.fitness import either, unfit
from agents.feedback_shaper.rules.kinds import kinds_of
from agents.feedback_shaper.rules.ties import tie
from agents.feedback_shaper.rules.weighing import rank, read, weigh
from alignment.feedback import Polarity, Verdict

CONFLICT = CriterionView(id="M2", spoken="must-have #2", text="Has argued with another team over a decision", focus=True)


def moment(label: str, text: str = "It went on.", asked: str = "", exchange: int = 0, **signals: float) -> MomentView:
    given = {"near": 0.0, "closeness": 0.5, "substance": 0.0} | signals
    return MomentView(label=label, speaker="Tomás", text=text, asked=asked, exchange=exchange, signals=given)


TOLD = moment("u3", "I argued with the finance team for two weeks and we changed the date.", near=2.0, substance=2.0, exchange=1)
THIN = moment("u7", "It depends, generally.", near=1.0, substance=-2.0, exchange=2)


def weighed(
    span: str, *moments: MomentView, polarity: Polarity = Polarity.NEGATIVE, criterion: CriterionView | None = CONFLICT, **signals: float
) -> WeighOut:
    return weigh(WeighIn(span=span, polarity=polarity, criterion=criterion, moments=moments, signals=signals))


def test_a_denial_that_a_told_episode_refutes_is_contradicted_and_never_asserted() -> None:
    out = weighed("He never argued with another team", TOLD, THIN)
    assert (out.verdict, out.assertable, out.moments[0]) == (Verdict.CONTRADICTED, False, "u3")


def test_a_denial_whose_nearest_replies_tell_nothing_stands() -> None:
    out = weighed("He never argued with another team", THIN)
    assert (out.verdict, out.assertable) == (Verdict.SUPPORTED, True)


def test_a_denial_that_the_candidate_admits_stands_whatever_else_is_told() -> None:
    admitted = moment(
        "u9", "No, never. I was with the ledger all year.", asked="Have you argued with another team?", near=5.0, substance=1.0
    )
    out = weighed("He never argued with another team", admitted, TOLD)
    assert (out.verdict, out.assertable, out.moments[0]) == (Verdict.SUPPORTED, True, "u9")
    own = moment("u9", "I have never argued with another team.", near=5.0, substance=1.0)
    assert weighed("He never argued with another team", own, TOLD).verdict is Verdict.SUPPORTED


def test_a_no_to_another_question_admits_nothing() -> None:
    other = moment("u9", "No, never.", asked="Do you drink coffee?", near=5.0, substance=1.0)
    assert weighed("He couldn't name one argument with another team", other, TOLD).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    "span",
    [
        "I'd bet he would fold in an argument",
        "I worry how he would cope with another team",
        "He'd struggle with another team",
        "Would he argue with another team?",
    ],
)
def test_a_guess_has_no_evidence_and_is_never_asserted(span: str) -> None:
    out = weighed(span, TOLD, THIN)
    assert (out.verdict, out.assertable) == (Verdict.NO_EVIDENCE, False)
    assert out.moments


def test_a_doubt_about_what_somebody_has_done_is_a_denial_and_no_guess() -> None:
    out = weighed("I'm not sure he has ever argued with another team", TOLD, THIN)
    assert out.verdict is Verdict.CONTRADICTED


def test_without_a_moment_there_is_no_evidence() -> None:
    out = weighed("He argued with another team", polarity=Polarity.POSITIVE)
    assert (out.verdict, out.moments, out.assertable) == (Verdict.NO_EVIDENCE, (), False)


def test_a_complaint_about_an_answer_points_at_the_reply_that_tells_little() -> None:
    moments = (
        moment("u3", near=1.0, substance_z=1.5, substance=2.0, exchange=1),
        moment("u7", near=1.0, substance_z=-1.5, substance=-2.0, exchange=2),
    )
    episode = WeighIn(
        span="When I asked about arguments he gave me slogans", polarity=Polarity.NEGATIVE, criterion=CONFLICT, moments=moments
    )
    praise = WeighIn(span="He argued with another team over the date", polarity=Polarity.POSITIVE, criterion=CONFLICT, moments=moments)
    assert weigh(episode).moments[0] == "u7"
    assert weigh(praise).moments[0] == "u3"
    assert weigh(episode).verdict is Verdict.SUPPORTED


def test_early_and_late_in_a_claim_are_early_and_late_in_the_interview() -> None:
    moments = (moment("u1", near=1.0, order_z=-1.0, exchange=1), moment("u30", near=1.0, order_z=1.0, exchange=2))

    def first(span: str) -> str:
        return weigh(WeighIn(span=span, polarity=Polarity.POSITIVE, criterion=None, moments=moments)).moments[0]

    assert first("At the start he told us about the outage") == "u1"
    assert first("By the end he told us about the outage") == "u30"


def test_the_first_of_every_exchange_comes_before_the_second_of_any() -> None:
    moments = (moment("u1", near=3.0, exchange=1), moment("u2", near=2.0, exchange=1), moment("u5", near=1.0, exchange=2))
    given = WeighIn(span="He argued with another team", polarity=Polarity.POSITIVE, criterion=None, moments=moments)
    assert [m.label for m in rank(given, read(given.span, given.polarity, {}))] == ["u1", "u5", "u2"]


def test_no_more_than_three_moments_are_shown() -> None:
    many = tuple(moment(f"u{i}", near=float(i), exchange=i) for i in range(9))
    assert weighed("He argued with another team", *many, polarity=Polarity.POSITIVE).moments == ("u8", "u7", "u6")


def test_a_criterion_that_was_another_interviewers_and_never_came_up_has_no_evidence() -> None:
    elsewhere = CONFLICT.model_copy(update={"focus": False})
    about_bees = moment("u3", "I keep bees and bake bread.", near=2.0, substance=2.0)
    assert (
        weighed("He argued with another team", about_bees, polarity=Polarity.POSITIVE, criterion=elsewhere).verdict is Verdict.NO_EVIDENCE
    )
    assert weighed("He argued with another team", TOLD, polarity=Polarity.POSITIVE, criterion=elsewhere).verdict is Verdict.SUPPORTED


def test_without_signals_the_cues_alone_decide() -> None:
    assert either(True, "guess", {})
    assert not either(False, "guess", {})
    assert unfit("Something felt off", {}) is Verdict.TOO_VAGUE
    assert kinds_of("Something felt off", None, "openai:another") == {}  # type: ignore[arg-type]


def test_a_sure_head_decides_alone_and_an_unsure_one_has_a_veto() -> None:
    assert either(False, "guess", {"guess": 0.9})
    assert either(True, "guess", {"guess": 0.2})
    assert not either(True, "guess", {"guess": 0.01})
    assert weighed("He argued with another team", TOLD, guess=0.95).verdict is Verdict.NO_EVIDENCE


def criterion(id: str, **more: Any) -> CriterionView:
    text, said = more.pop("near", (0.2, 0.2))
    return CriterionView.model_validate({"id": id, "spoken": id, "text": "What it says", "signals": {"text": text, "said": said}, **more})


def tied(span: str, *criteria: CriterionView, **signals: float) -> str | None:
    return tie(TieIn(span=span, polarity=Polarity.NEGATIVE, criteria=criteria, moments=(TOLD,), signals=signals))


def test_the_nearest_in_words_or_in_what_was_said_at_intake_is_the_criterion() -> None:
    assert tied("He argued with finance", criterion("M1"), criterion("M2", near=(0.6, 0.2))) == "M2"
    assert tied("He argued with finance", criterion("M1", near=(0.2, 0.7)), criterion("M2")) == "M1"


def test_what_an_interviewer_was_asked_to_probe_weighs_for_a_claim_and_against_a_guess() -> None:
    lines = (criterion("M1", focus=True, near=(0.3, 0.3)), criterion("M2", near=(0.4, 0.4)), criterion("M3"))
    assert tied("He argued with finance about the date", *lines) == "M1"
    assert tied("I'd bet he would fold with finance", *lines) == "M2"


def test_a_colleagues_name_points_at_what_that_colleague_probes() -> None:
    lines = (criterion("M1", near=(0.25, 0.25)), criterion("D1", panel=("Bram de Vries",)))
    assert tied("Bram should ask whether he hides mistakes", *lines) == "D1"
    assert tied("Somebody should ask whether he hides mistakes", *lines) == "M1"


def test_where_nothing_stands_out_no_criterion_is_named() -> None:
    assert tied("He argued with finance", criterion("M1"), criterion("M2")) is None
    assert tied("He argued with finance") is None
