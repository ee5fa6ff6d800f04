"""Shaping and debrief over whole searches: the figures of the folders' own scorer, and whatever breaks underneath is caught."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from agents.feedback_shaper import checking
from agents.feedback_shaper.rules import ties, weighing
from agents.feedback_shaper.state import QuoteState
from alignment.citation import Citation
from alignment.errors import BadSettings, Fabricated, NotFound
from evals import gate
from evals.__main__ import app
from evals.compare import compared
from evals.running.conditions import Conditions
from evals.running.folder import Run
from evals.running.run import Wanted, run
from evals.sources import SAMPLES
from evals.tables import beats

SHARED = Path(__file__).parents[2].parent / "shared"
ONE = "warehouse-shift-lead"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one search in it."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(SAMPLES / "searches" / ONE, folder / ONE)
    return folder


def asked(data: Path, out: Path, *suites: str, conditions: Conditions | None = None) -> Run:
    """One run in this process, nothing kept."""
    return run(Wanted(suites or ("shaping", "debrief"), (data,), jobs=1), conditions or Conditions(), out)


@pytest.fixture(scope="module")
def sound(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the program as it is."""
    return asked(data, tmp_path_factory.mktemp("sound"))


def shut(sound: Run, now: Run) -> set[str]:
    """For what the gate stays shut."""
    return {f.metric for f in gate.held_against(gate.baseline_of(sound), now) if f.stops and f.suite in now.summary}


def test_a_sound_run_crashes_nowhere_beats_what_understands_nothing_and_passes_its_own_gate(sound: Run) -> None:
    shaping = sound.summary["shaping"]
    assert shaping["crashed"].value == sound.summary["debrief"]["crashed"].value == 0
    assert shaping["citations_not_verbatim"].value == 0
    assert shaping["moment_hit@3"].value > shaping["moment_hit@3"].controls["random"]  # type: ignore[operator]
    assert shut(sound, sound) == set()
    kinds = {s.kind for o in sound.outcomes if o.suite == "shaping" for s in o.trace}
    assert kinds >= {"asked", "claimed", "retrieved", "judged", "verified", "answered"}


def test_neither_always_nor_never_asserting_is_taken_for_a_result(sound: Run) -> None:
    figures = sound.summary["shaping"]
    wrongly, recall, both = (figures[name] for name in ("asserted_wrongly", "supported_recall", "verdict_macro_f1"))
    assert wrongly.controls["constant"] > wrongly.value > wrongly.controls["never asserts"] == 0  # type: ignore[operator]
    assert recall.controls["constant"] > recall.controls["never asserts"] == 0  # type: ignore[operator]
    assert beats(wrongly) == "no"
    assert both.value > max(both.controls["constant"], both.controls["never asserts"])  # type: ignore[operator, type-var]
    assert "never asserts" in figures["judge_macro_f1"].controls


def test_a_verifier_that_lets_everything_pass_is_caught(sound: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are changed on their way in, as a model might, and nobody refuses them."""
    real = checking.Checker.cite

    def broken(self: checking.Checker, quote: QuoteState) -> Citation:
        citation = real(self, quote)
        return citation.model_copy(update={"text": f"{citation.text} and I was wonderful"})

    monkeypatch.setattr(checking.Checker, "cite", broken)
    now = asked(data, tmp_path / "out", "shaping")
    assert now.summary["shaping"]["citations_fabricated"].value > 0  # type: ignore[operator]
    assert "citations_not_verbatim" in shut(sound, now)


def test_a_verifier_that_refuses_everything_is_caught(sound: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any) -> Citation:
        raise Fabricated("Nobody says so")

    monkeypatch.setattr(checking, "verify", refuses)
    assert shut(sound, asked(data, tmp_path / "out", "shaping")) & {"moment_hit@3", "crashed", "supported_recall"}


def test_a_model_that_always_says_supported_is_caught(
    sound: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, yes_man: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", yes_man)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    for judgement in ("split", "screen", "tie", "draft", "question", "read", "hear"):
        monkeypatch.setenv(f"PLUMBLINE_MODELS__{judgement.upper()}", "rules")
    now = asked(data, tmp_path / "out", "shaping", conditions=Conditions(model="openai:yes-man"))
    figures = now.summary["shaping"]
    assert figures["tokens_in"].value > 0  # type: ignore[operator]
    assert figures["model_failures"].value == 0
    assert figures["judge_macro_f1"].value == figures["judge_macro_f1"].controls["constant"]
    assert "judge_macro_f1" in shut(sound, now)
    moved = next(m for m in compared(sound, now).moved if m.metric == "judge_macro_f1")
    assert moved.difference is not None
    assert moved.difference < -0.2


def test_a_prompt_with_a_misspelt_variable_is_refused_before_a_run_begins(data: Path, tmp_path: Path) -> None:
    own = Path(checking.__file__).parent / "prompts" / "weigh.md"
    (tmp_path / "prompts" / "feedback_shaper").mkdir(parents=True)
    (tmp_path / "prompts" / "feedback_shaper" / "weigh.md").write_text(own.read_text().replace("$claim", "$clain"))
    given = ["run", "shaping", "--data", str(data), "--prompts", str(tmp_path / "prompts"), "--out", str(tmp_path / "out")]
    told = CliRunner().invoke(app, given)
    assert isinstance(told.exception, BadSettings)
    assert "clain" in str(told.exception)
    assert not (tmp_path / "out").exists()


def test_rules_without_a_kind_of_evidence_are_worse_and_whole_again_afterwards(sound: Run, data: Path, tmp_path: Path) -> None:
    bare = asked(data, tmp_path / "out", "shaping", conditions=Conditions(without=("panel", "substance")))
    moved = {m.metric: m for m in compared(sound, bare).moved}
    assert moved["criterion_accuracy"].difference < 0  # type: ignore[operator]
    assert (ties._FOCUS, weighing._SUBSTANCE) > (0, 0)
    with pytest.raises(NotFound, match="no evidence called luck"):
        asked(data, tmp_path / "no", conditions=Conditions(without=("luck",)))


@pytest.mark.skipif(not (SHARED / "data" / "searches").is_dir(), reason="the development searches are not beside this checkout")
def test_the_figures_are_those_of_the_search_folders_own_scorer(tmp_path: Path) -> None:
    searches = tmp_path / "searches"
    for path in sorted(p for p in (SHARED / "data" / "searches").iterdir() if p.is_dir())[:2]:
        shutil.copytree(path, searches / path.name)
    made = asked(searches, tmp_path / "run")
    for o in made.outcomes:
        folder = tmp_path / "told" / o.group
        folder.mkdir(parents=True, exist_ok=True)
        if o.suite == "shaping":
            with (folder / "shaped.jsonl").open("a") as lines:
                lines.write(json.dumps({"id": o.case.partition("/")[2], "claims": o.answer["claims"]}) + "\n")
        else:
            (folder / "debrief.json").write_text(json.dumps(o.answer["debrief"]))
    scorer = SHARED / "tools" / "score_searches.py"
    command = [sys.executable, str(scorer), str(tmp_path / "told"), str(searches), "--json"]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours, debrief = made.summary["shaping"], made.summary["debrief"]
    for name, value in theirs["shaping"].items():
        if name in ours:
            assert ours[name].value == pytest.approx(value, abs=6e-4), name
    for kind in ("conflicts", "missing", "over_indexing", "drift"):
        assert (debrief[f"{kind}_f1"].value or 0) == pytest.approx(theirs["debrief"][kind]["f1"], abs=6e-4)
    for name in ("side_macro_f1", "conflict_moment_hit@3"):
        assert debrief[name].value == pytest.approx(theirs["debrief"][name], abs=6e-4)
    assert ours["citations_not_verbatim"].n + debrief["citations_not_verbatim"].n == theirs["citations"]["n"]


@pytest.fixture(scope="module")
def yes_man() -> Iterator[str]:
    """A chat model on loopback that finds every claim supported by the first moment that it is shown."""

    class Model(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            shown = asked["messages"][-1]["content"]
            label = shown.partition('"label": "')[2].partition('"')[0]
            said = json.dumps({"verdict": "supported", "moments": [label] if label else []})
            message = {"role": "assistant", "content": said}
            body = json.dumps(
                {
                    "id": "x",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "yes-man",
                    "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
                }
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the tests' own output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
