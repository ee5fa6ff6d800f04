"""A replay from replies that a real model gave once: nobody is asked, nothing is spent, and the same bytes come out each time.

The cassette was recorded with Qwen2.5-Coder-1.5B-Instruct (Q4_K_M) behind `python -m evals.model_server FILE --port 8089`:

    OPENAI_BASE_URL=http://127.0.0.1:8089/v1 OPENAI_API_KEY=none PLUMBLINE_ASK__CACHE=tests/api/cassettes/two-minutes.jsonl \\
        plumbline replay corpus/samples/two-minutes --model openai:qwen --out OUT

A prompt that changes asks anew, so that this test fails until the cassette is recorded again.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.api.conftest import Run

CASSETTE = Path(__file__).parent / "cassettes" / "two-minutes.jsonl"
SAMPLE = Path(__file__).parents[2] / "corpus" / "samples" / "two-minutes"
ADDRESS = "http://127.0.0.1:8089/v1"
MODEL = "openai:qwen"


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the cassette, and settings under which nothing else may be used."""
    copy = tmp_path / "replies.jsonl"
    shutil.copy(CASSETTE, copy)
    for name, value in (("OPENAI_BASE_URL", ADDRESS), ("OPENAI_API_KEY", "none")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PLUMBLINE_ASK__CACHE", str(copy))
    monkeypatch.setenv("PLUMBLINE_ASK__OFFLINE", "true")
    return copy


def test_two_replays_of_a_real_models_replies_give_the_same_bytes_and_ask_nobody(plumbline: Run, recorded: Path, tmp_path: Path) -> None:
    before = recorded.read_bytes()
    told = []
    for name in ("first", "second"):
        ran = plumbline("replay", str(SAMPLE), "--model", MODEL, "--out", str(tmp_path / name))
        assert ran.code == 0, ran.err
        told.append((tmp_path / name / "two-minutes" / "shaped.jsonl").read_bytes())
    assert told[0] == told[1]
    assert recorded.read_bytes() == before
    judged = [claim["judged"] for line in told[0].splitlines() for claim in json.loads(line)["claims"]]
    assert judged
    assert all(who == MODEL for claim in judged for who in claim.values())


def test_a_reply_that_is_not_on_the_cassette_leaves_the_rules_and_says_why(plumbline: Run, recorded: Path, tmp_path: Path) -> None:
    lines = recorded.read_text().splitlines(keepends=True)
    recorded.write_text("".join(line for line in lines if json.loads(line)["judgement"] != "weigh"))
    ran = plumbline("replay", str(SAMPLE), "--model", MODEL, "--out", str(tmp_path / "out"))
    assert ran.code == 0, ran.err
    rows = [json.loads(line) for line in (tmp_path / "out" / "two-minutes" / "shaped.jsonl").read_text().splitlines()]
    weighed = [claim for row in rows for claim in row["claims"] if "weigh" in claim["judged"]]
    assert weighed
    assert {claim["judged"]["weigh"] for claim in weighed} == {"rules"}
    assert all(any("only kept replies may be used" in note for note in claim["notes"]) for claim in weighed)


def test_a_run_that_may_not_fall_back_ends_where_the_cassette_does(plumbline: Run, recorded: Path, tmp_path: Path) -> None:
    recorded.write_text("")
    ran = plumbline("replay", str(SAMPLE), "--model", MODEL, "--no-fallback", "--out", str(tmp_path / "out"))
    assert ran.code == 7
    assert "never asked before" in ran.err
    assert not (tmp_path / "out" / "two-minutes" / "shaped.jsonl").exists()
