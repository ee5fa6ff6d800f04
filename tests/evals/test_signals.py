"""The signals' evaluation, on material of three lines that is made up here."""

from pathlib import Path

import numpy as np
import pytest

from alignment.settings import load_settings
from evals.consistency import Document, scores
from evals.signals import balanced, counted, f1, measured, stance, threshold
from evals.stance import cited, pairs_of
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


async def test_only_clear_pairs_are_measured_and_a_plain_no_is_heard_as_one(embedder: Embedder) -> None:
    pairs = await pairs_of(ROWS, 0, embedder, 7)
    assert [(p.against, p.dropped) for p in pairs] == [(False, False), (True, True)]
    table = stance(pairs, 7)
    figures = dict(zip(table.columns[0].cells, table.columns[4].cells, strict=True))
    assert figures["has no, not or n't"] == figures["intake: what no yes has (assent.refuses)"] == "1.000"
    assert figures["always NEG"] == "0.667"


async def test_an_amount_that_the_document_does_not_hold_is_seen_and_one_that_it_holds_is_not(embedder: Embedder) -> None:
    record = Document(cited(["Earnings rose by 17% to 34 cents."]))
    amounts = "amounts: no number or time added (unsupported_words)"
    assert (await scores("Earnings rose by 17%.", record, embedder))[amounts]
    assert not (await scores("Earnings rose by 27%.", record, embedder))[amounts]


def test_what_is_always_right_is_surely_above_any_baseline_and_what_is_constant_is_not() -> None:
    true, groups = [True, False, True, False], ["a", "a", "b", "b"]
    right = measured(counted(true, true, groups), balanced, 7)
    assert (right.point, right.low, right.above(0.99)) == (1.0, 1.0, "yes")
    assert measured(counted([True] * 4, true, groups), balanced, 7).above(0.5) == "NO"
    assert f1(counted([True] * 4, true, groups).sum(axis=0)) == pytest.approx(2 / 3)


def test_a_threshold_parts_the_half_that_it_is_chosen_on() -> None:
    assert threshold(np.array([0.1, 0.2, 0.7, 0.9]), np.array([False, False, True, True])) == 0.7
