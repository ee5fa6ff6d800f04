"""The suite of altered quotes: what is drawn is labelled by its words alone, and a verifier that takes anything is caught."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from alignment.citation import Citation, Quote
from alignment.errors import BadRequest, Fabricated
from alignment.transcript import Transcript
from evals.alterations import KINDS, Drawn, draw, result_of, turns_of
from evals.case import Batch, Outcome, State
from evals.figures import Figure, figures
from evals.running.conditions import Conditions
from evals.scorers.quotes import Said
from evals.sources import SAMPLES, Sources
from evals.suites import verification
from retrieval.verify import verify
from tests.evals.small_search import CANDIDATE, READER, small_search

INTERVIEWS = {
    "1-site": [
        Said("Ines", 0, 6, "I counted seven crates and then I counted them again before the van left."),
        Said("Ruben", 7, 10, "And you were sure that nobody had moved one?"),
        Said("Ines", 100, 104, "I counted seven crates that night."),
    ],
    "2-yard": [Said("Ines", 0, 5, "We never had a van before that winter.")],
}


async def held(batches: Sequence[Batch]) -> list[Outcome]:
    return [o for b in batches for _ in [0] async for o in verification.HOLDS[b.kind](b, Conditions())]


def told(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    return figures(verification.SUITE.metrics, outcomes, 7)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Batch]:
    """Fewer quotes than a run draws."""
    monkeypatch.setattr(verification, "MOST", 120)
    return verification.batches(Sources((SAMPLES,)), 7)


HAND_WRITTEN = verification.batches(Sources((SAMPLES / "verification",)), 7)


def told_cases(tmp_path: Path, *rows: object) -> list[Batch]:
    folder = tmp_path / "verification"
    folder.mkdir()
    (folder / "own.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return verification.batches(Sources((tmp_path,)), 7)


@pytest.mark.parametrize(
    ("text", "speaker", "interview", "times", "result"),
    [
        ("counted seven crates that night", "Ines", "1-site", (None, None), "verified"),
        ("I counted seven crates", "Ines", "1-site", (101.0, 103.0), "verified"),
        ("I counted seven crates", "Ines", "1-site", (50.0, 54.0), "elsewhere"),
        ("counted seven crates", "Ruben", "1-site", (None, None), "misattributed"),
        ("never had a van", "Ines", "1-site", (None, None), "elsewhere"),
        ("the van left. And you were sure", "Ines", "1-site", (None, None), "fabricated"),
        ("counted eight crates", "Ines", "1-site", (None, None), "fabricated"),
    ],
)
def test_a_claim_is_labelled_by_where_its_words_stand(
    text: str, speaker: str, interview: str, times: tuple[float | None, float | None], result: str
) -> None:
    assert result_of(Drawn("any", interview, speaker, text, *times), INTERVIEWS) == result


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_alters_what_it_says_it_does(kind: str) -> None:
    drawn = draw(kind, INTERVIEWS, turns_of(INTERVIEWS), Random(7))
    assert drawn is not None
    assert drawn.kind == kind
    harmless = kind in ("true", "case", "quotes", "space", "punctuation")
    assert (result_of(drawn, INTERVIEWS) == "verified") == harmless


def test_the_same_seed_draws_the_same_quotes_and_another_one_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "MOST", 30)
    source = Sources((small_search(tmp_path),))
    (once,), (again,), (other,) = (verification.batches(source, seed) for seed in (7, 7, 8))
    assert once == again
    assert len(once.cases) > 20
    assert [c.given for c in once.cases] != [c.given for c in other.cases]


async def test_true_quotes_pass_and_altered_ones_are_refused_as_what_they_are(drawn: list[Batch]) -> None:
    found = told(await held([b for b in drawn if b.kind != "verification_record"]))
    assert found["altered_accepted"].value == 0
    assert found["altered_accepted"].n > 80
    assert found["true_refused"].value == 0
    assert found["wrong_citations"].value == 0
    assert found["refusal_type"].value == 1
    assert found["altered_accepted"].controls["constant"] == found["altered_accepted"].n
    assert found["true_refused"].controls["fabricated"] == found["true_refused"].n


async def test_a_verifier_that_takes_anything_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def takes_anything(quote: Quote, transcript: Transcript, others: Sequence[Transcript] = ()) -> Citation:
        first = transcript.utterances[0]
        return verify(Quote(interview=transcript.interview, text=first.text, speaker=first.speaker), transcript)

    monkeypatch.setattr(verification, "verify", takes_anything)
    found = told(await held(HAND_WRITTEN))
    assert found["altered_accepted"].value == found["altered_accepted"].n > 20
    assert found["refusal_type"].value == 0
    # Nor is the citation of other words than the claimed ones any better where the quote was true.
    assert found["wrong_citations"].value is not None
    assert found["wrong_citations"].value > 20


async def test_a_verifier_that_refuses_everything_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def takes_nothing(quote: Quote, transcript: Transcript, others: Sequence[Transcript] = ()) -> Citation:
        raise Fabricated("no")

    monkeypatch.setattr(verification, "verify", takes_nothing)
    found = told(await held(HAND_WRITTEN))
    assert found["true_refused"].value == found["true_refused"].n > 10


async def test_a_verifier_that_breaks_is_a_crash_and_no_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def breaks(quote: Quote, transcript: Transcript, others: Sequence[Transcript] = ()) -> Citation:
        raise ZeroDivisionError

    monkeypatch.setattr(verification, "verify", breaks)
    case = {"id": "a", "given": {"utterances": [{"speaker": "A", "text": "Yes, always."}], "quote": {"speaker": "A", "text": "always"}}}
    (outcome,) = await held(told_cases(tmp_path, {**case, "expected": {"result": "fabricated"}}))
    assert outcome.state is State.CRASHED
    assert not outcome.sums


async def test_a_case_that_tells_no_quote_is_named_with_its_file(tmp_path: Path) -> None:
    cases = told_cases(tmp_path, {"id": "half", "given": {"utterances": []}, "expected": {"result": "verified"}})
    with pytest.raises(BadRequest, match="half"):
        await held(cases)


async def test_quotes_are_held_against_a_search_on_record_by_the_names_that_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST", 30)
    batches = verification.batches(Sources((small_search(tmp_path),)), 7)
    assert [b.kind for b in batches] == ["verification_record"]
    outcomes = await held(batches)
    assert [o.case for o in outcomes if not o.marks["right"]] == []
    assert {o.trace[0].data["speaker"] for o in outcomes} == {CANDIDATE, READER}
