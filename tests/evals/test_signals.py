"""The signals as a suite, on small material that is made up."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from alignment.errors import BadRequest
from alignment.settings import load_settings
from evals.case import Outcome, State
from evals.figures import Figure, figures
from evals.metrics import Values
from evals.running.conditions import Conditions
from evals.sources import SAMPLES, Sources
from evals.suites import signals
from evals.suites.signals import claims, replies
from evals.suites.signals.citing import cited
from evals.suites.signals.counts import HALVES, BalancedAccuracy, PartedAccuracy, binned, counted, half_of
from retrieval.embedding import Embedder, open_embedder

SAID = (
    ("POS", "We ship it on Friday.", "Yes, agreed."),
    ("NEG", "We ship it on Friday.", "No, that won't work."),
    ("PART", "We ship it on Friday.", "Some of it."),
)
ROWS = [{"meeting": f"m{n}", "label": label, "first": {"text": a}, "reply": {"text": b}} for n, (label, a, b) in enumerate(SAID)]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    home: Path = tmp_path_factory.mktemp("home")
    return open_embedder(load_settings(home=home))


def held(root: Path, module: ModuleType) -> list[Outcome]:
    """The outcomes of one kind of batch in a folder."""

    async def outcomes() -> list[Outcome]:
        batches = [b for b in signals.batches(Sources((root,)), 7) if b.kind == module.KIND]
        return [o for b in batches async for o in signals.HOLDS[b.kind](b, Conditions())]

    return asyncio.run(outcomes())


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """The suite's figures."""
    return figures(signals.SUITE.metrics, outcomes, 7)


@pytest.fixture(scope="module")
def judged() -> list[Outcome]:
    """The sample's claims, held once."""
    return held(SAMPLES / "signals", claims)


def summed(*rows: dict[str, float]) -> dict[str, Values]:
    """Columns with the sum of these rows, as one drawing has them."""
    return {name: np.array([sum(row.get(name, 0.0) for row in rows)]) for name in {n for row in rows for n in row}}


def test_what_is_always_right_reaches_one_and_what_is_constant_a_half() -> None:
    true = [True, False, False, False]
    accuracy = BalancedAccuracy("s", "s")
    assert accuracy.value(summed(counted("s", true, true))).tolist() == [1.0]
    assert accuracy.value(summed(counted("s", [True] * 4, true))).tolist() == [0.5]
    assert accuracy.count(summed(counted("s", true, true))).tolist() == [4.0]


def test_balanced_accuracy_weighs_both_labels_alike_however_many_there_are() -> None:
    told = [True, True, True, False, False]
    true = [True, True, False, False, True]
    assert BalancedAccuracy("s", "s").value(summed(counted("s", told, true))).tolist() == [pytest.approx((2 / 3 + 1 / 2) / 2)]


def test_balanced_accuracy_of_one_label_alone_is_no_figure() -> None:
    assert np.isnan(BalancedAccuracy("s", "s").value(summed(counted("s", [True], [True])))).all()


def test_each_half_is_parted_where_the_other_is_parted_best_and_not_where_it_would_like_to_be() -> None:
    one = binned("s", [0.9, 0.1], [True, False], HALVES[0])
    other = binned("s", [0.3, 0.1], [True, False], HALVES[1])
    accuracy = PartedAccuracy("s", "s")
    # Parted at 0.3, the first half is right throughout; parted at 0.9, the second misses what is so.
    assert accuracy.value(summed(one, other)).tolist() == [pytest.approx((1 / 2 + 1) / 2)]
    alike = binned("s", [0.9, 0.1], [True, False], HALVES[1])
    assert accuracy.value(summed(one, alike)).tolist() == [1.0]
    assert accuracy.count(summed(one, other)).tolist() == [4.0]


def test_a_score_that_is_the_same_for_everything_reaches_a_half() -> None:
    rows = [binned("s", [0.5, 0.5, 0.5], [True, False, False], half) for half in HALVES]
    assert PartedAccuracy("s", "s").value(summed(*rows)).tolist() == [0.5]


def test_halves_are_drawn_by_the_seed_and_hold_some_of_the_documents_each() -> None:
    names = [f"d{n}" for n in range(50)]
    drawn = [half_of(n, 7) for n in names]
    assert drawn == [half_of(n, 7) for n in names] != [half_of(n, 8) for n in names]
    assert 10 < drawn.count(HALVES[0]) < 40


async def test_a_plain_no_adds_a_denial_and_a_yes_does_not(embedder: Embedder) -> None:
    rows = [{"first": r["first"]["text"], "reply": r["reply"]["text"], "label": r["label"]} for r in ROWS[:2]]  # type: ignore[index]
    pairs = await replies.pairs_of(rows, embedder)
    assert [(p.against, replies.adds_denial(p)) for p in pairs] == [(False, False), (True, True)]


async def test_an_amount_that_the_document_does_not_hold_is_seen_and_one_that_it_holds_is_not(embedder: Embedder) -> None:
    record = claims.Document(cited(["Earnings rose by 17% to 34 cents."]))
    assert (await claims.signals_of("Earnings rose by 17%.", record, embedder))["nothing_added"]
    assert not (await claims.signals_of("Earnings rose by 27%.", record, embedder))["nothing_added"]


def test_only_clear_pairs_are_measured_and_the_trivial_answers_stand_beside(tmp_path: Path) -> None:
    (tmp_path / "stance").mkdir()
    (tmp_path / "stance" / "own.jsonl").write_text("".join(json.dumps(r) + "\n" for r in ROWS), encoding="utf-8")
    outcomes = held(tmp_path, replies)
    assert [o.group for o in outcomes] == ["m0", "m1"]
    figure = figures_of(outcomes)["reply_adds_denial_f1"]
    assert (figure.value, figure.n) == (1.0, 1.0)
    assert figure.controls["constant"] == pytest.approx(2 / 3, abs=1e-3)
    assert figure.controls["negation"] == 1.0


def test_a_signal_that_reads_the_record_beats_the_controls_without_it(judged: list[Outcome]) -> None:
    made = figures_of(judged)
    assert {o.state for o in judged} == {State.SCORED}
    for name in ("claim_decisive_words", "claim_nothing_added", "claim_borne_out"):
        controls = made[name].controls
        assert (made[name].value or 0.0) > max(controls[c] or 0.0 for c in ("wording", "elsewhere", "constant")), name
    assert sum(o.sums["claim borne_out tp"] + o.sums["claim borne_out fn"] for o in judged) == 15


def test_claims_held_against_the_wrong_documents_are_worth_what_elsewhere_says(
    judged: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = claims.batches

    def mixed_up(path: Path, suite: str) -> Any:
        batch = made(path, suite)
        moved = [c.model_copy(update={"given": {**c.given, "document": c.given["other"]}}) for c in batch.cases]
        return replace(batch, cases=tuple(moved))

    monkeypatch.setattr(claims, "batches", mixed_up)
    astray, before = figures_of(held(SAMPLES / "signals", claims)), figures_of(judged)
    for name in ("claim_decisive_words", "claim_nothing_added", "claim_borne_out"):
        assert astray[name].value == before[name].controls["elsewhere"] != before[name].value, name


@pytest.mark.parametrize("folder", ["claims", "stance"])
def test_a_row_that_is_none_is_refused_with_its_file_and_line(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "own.jsonl").write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(BadRequest) as refused:
        signals.batches(Sources((tmp_path,)), 7)
    assert "own.jsonl, line 1" in str(refused.value)
