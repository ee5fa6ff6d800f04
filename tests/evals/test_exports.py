"""Exports: a table and a file for CI that are read back, and trackers that are told figures and ids but no words unless asked."""

import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from junitparser import JUnitXml

from alignment.errors import BadSettings, Unavailable
from evals.exports import export_langfuse, export_langsmith, export_mlflow, frame, junit
from evals.running.folder import Run
from tests.evals.runs import SECRET, SUITE, Recorded, crash, outcome, recording, run_of, twelve, unscorable

KEYS = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGFUSE_PUBLIC_KEY", "LANGFUSE_SECRET_KEY")


@pytest.fixture
def made(tmp_path: Path) -> Run:
    return run_of([*twelve(), crash(12, RuntimeError(SECRET)), unscorable(13, SECRET)], tmp_path / "first")


def test_every_outcome_is_a_row_with_its_slices_marks_and_sums(made: Run) -> None:
    rows = frame(made)
    assert len(rows) == 14
    assert list(rows["state"]).count("scored") == 12
    third = rows[rows["case"] == "c2"].iloc[0]
    assert (third["mark.right"], third["sum.hit"], third["slice.family"], third["tokens_in"]) == (False, 0.0, "nursing", 102)
    assert rows[rows["case"] == "c12"].iloc[0]["why"] == f"RuntimeError: {SECRET}"
    assert rows["sum.hit"].sum() == 10


def test_a_case_is_a_test_that_passes_fails_errs_or_is_skipped(made: Run, tmp_path: Path) -> None:
    (suite,) = JUnitXml.fromfile(str(junit(made, tmp_path / "out" / "junit.xml")))
    assert (suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) == (SUITE, 14, 2, 1, 1)
    cases = {case.name: case for case in suite}
    assert cases["c0"].result == []
    assert cases["c2"].result[0].message == "wrong: right"
    assert cases["c12"].result[0].message == f"RuntimeError: {SECRET}"
    assert cases["c12"].result[0].type == "RuntimeError"
    assert cases["c13"].result[0].message == SECRET
    assert cases["c3"].time == pytest.approx(0.4)


def test_characters_that_xml_cannot_hold_do_not_break_the_file(tmp_path: Path) -> None:
    made = run_of([outcome(1, hit=True), crash(2, RuntimeError("a\x00b\x1b[31m <&> \ud800"))], tmp_path / "a")
    (suite,) = JUnitXml.fromfile(str(junit(made, tmp_path / "junit.xml")))
    assert {c.name: c for c in suite}["c2"].result[0].message == "RuntimeError: a�b�[31m <&> �"


def test_repeats_of_a_case_are_tests_of_their_own(tmp_path: Path) -> None:
    made = run_of([outcome(1, hit=True), outcome(1, hit=False, repeat=1)], tmp_path / "a", repeat=2)
    (suite,) = JUnitXml.fromfile(str(junit(made, tmp_path / "junit.xml")))
    assert [(c.name, bool(c.result)) for c in suite] == [("c1", False), ("c1 (repeat 1)", True)]


@pytest.mark.parametrize(("export", "module"), [(export_mlflow, "mlflow"), (export_langfuse, "langfuse"), (export_langsmith, "langsmith")])
def test_a_client_that_is_not_installed_is_told_with_the_command_that_installs_it(
    made: Run, monkeypatch: pytest.MonkeyPatch, export: Any, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadSettings, match=f"pip install {module}"):
        export(made)


def test_without_a_key_nothing_is_sent_and_the_variable_is_named(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BadSettings, match="LANGSMITH_API_KEY"):
        export_langsmith(made)


@pytest.fixture
def langsmith(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    """A server that answers as LangSmith does, as far as its client asks."""
    dataset = {"id": str(uuid.uuid4()), "name": f"plumbline {SUITE}", "created_at": "2026-01-01T00:00:00Z"}
    project = {"id": str(uuid.uuid4()), "start_time": "2026-01-01T00:00:00Z", "tenant_id": str(uuid.uuid4()), "reference_dataset_id": None}
    batches = {"use_multipart_endpoint": True, "size_limit": 100, "size_limit_bytes": 20_000_000}
    batches |= {"scale_up_nthreads_limit": 4, "scale_up_qsize_trigger": 1000}
    answers = {
        ("GET", "/info"): {"version": "0.9.0", "batch_ingest_config": batches},
        ("GET", "/datasets"): [],
        ("POST", "/datasets"): dataset,
        ("POST", "/sessions"): lambda _, body: {**project, "name": json.loads(body)["name"]},
    }
    with recording(answers) as server:
        monkeypatch.setenv("LANGSMITH_ENDPOINT", server.address)
        monkeypatch.setenv("LANGSMITH_API_KEY", "key")
        yield server


def test_langsmith_gets_a_dataset_an_experiment_and_the_marks_but_no_words(made: Run, langsmith: Recorded) -> None:
    assert export_langsmith(made) == [f"first {SUITE}"]
    sent = langsmith.everything
    assert SECRET.encode() not in sent
    assert str(made.path).encode() not in sent
    (examples,) = [json.loads(body) for _, path, body in langsmith.requests if path.startswith("/examples")]
    assert [e["inputs"]["case"] for e in examples] == [o.case for o in made.outcomes]
    (experiment,) = [json.loads(body) for method, path, body in langsmith.requests if method == "POST" and path.startswith("/sessions")]
    assert experiment["extra"]["metadata"]["figures"]["toy/right"] == 0.8333
    runs = b"".join(body for _, path, body in langsmith.requests if path.startswith("/runs"))
    assert runs.count(b'name="post.') >= 14
    assert runs.count(b'name="feedback.') == 24
    assert b'"error":"RuntimeError"' in runs


def test_langsmith_gets_the_words_where_they_are_asked_for(made: Run, langsmith: Recorded) -> None:
    export_langsmith(made, words=True)
    assert langsmith.everything.count(SECRET.encode()) >= 12


def test_langsmith_keeps_the_examples_that_it_has(made: Run, langsmith: Recorded) -> None:
    dataset = langsmith.answers["POST", "/datasets"]
    there = {"id": str(uuid.uuid4()), "inputs": {"case": "c0"}, "dataset_id": dataset["id"], "created_at": "2026-01-01T00:00:00Z"}
    langsmith.answers |= {("GET", "/datasets"): [dataset], ("GET", "/examples"): [there]}
    export_langsmith(made)
    (examples,) = [json.loads(body) for _, path, body in langsmith.requests if path.startswith("/examples/bulk")]
    assert "c0" not in {e["inputs"]["case"] for e in examples}
    assert there["id"].encode() in b"".join(body for _, path, body in langsmith.requests if path.startswith("/runs"))


def test_what_langsmith_refuses_in_the_background_is_told(made: Run, langsmith: Recorded) -> None:
    langsmith.answers["POST", "/runs"] = 422
    with pytest.raises(Unavailable, match="LangSmith did not take the whole run"):
        export_langsmith(made)


def test_what_a_client_raises_is_told_in_one_sentence(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses() -> None:
        raise ConnectionError("nobody listens\nand so on")

    monkeypatch.setitem(sys.modules, "mlflow", SimpleNamespace(MlflowClient=refuses))
    with pytest.raises(Unavailable, match="MLflow did not take the whole run: ConnectionError: nobody listens "):
        export_mlflow(made)


def test_mlflow_keeps_the_figures_and_the_outcomes_as_a_table_without_words(
    made: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="its client is optional")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.chdir(tmp_path)
    client = mlflow.MlflowClient()
    kept = client.get_run(export_mlflow(made))
    assert kept.data.metrics["toy/right"] == 0.8333
    assert kept.data.params["model"] == "rules"
    assert kept.info.status == "FINISHED"
    table = client.load_table(kept.info.experiment_id, "outcomes.json", run_ids=[kept.info.run_id])
    assert list(table["case"]) == [o.case for o in made.outcomes]
    assert SECRET not in table.to_json()
    spoken = client.get_run(export_mlflow(made, words=True)).info.run_id
    assert SECRET in client.load_table(kept.info.experiment_id, "outcomes.json", run_ids=[spoken]).to_json()


def test_langfuse_gets_an_experiment_with_a_score_a_mark_and_no_words(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langfuse", reason="its client is optional")
    project = {"id": "p", "name": "n", "organization": {"id": "o", "name": "o"}, "metadata": {}}
    with recording({("GET", "/api/public/projects"): {"data": [project]}}) as server:
        monkeypatch.setenv("LANGFUSE_BASE_URL", server.address)
        monkeypatch.setenv("LANGFUSE_PUBLIC_KEY", "pk-lf-1")
        monkeypatch.setenv("LANGFUSE_SECRET_KEY", "sk-lf-1")
        assert export_langfuse(made) == [f"first {SUITE}"]
    bodies = b"".join(body for _, path, body in server.requests if path.endswith("/scores"))
    assert bodies.count(b'"quoted"') == 12
    assert b'"right/lo"' in bodies
    assert any(path.endswith("/traces") for _, path, _ in server.requests)
    assert SECRET.encode() not in server.everything
