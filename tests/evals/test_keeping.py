"""What a run keeps and what it is told apart by: an outcome stands under what made it, and under nothing else."""

import multiprocessing
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from agents import prompts
from alignment.errors import Conflict
from evals.case import Batch, Case, Cost, Outcome, State
from evals.running import under
from evals.running.conditions import Conditions
from evals.running.kept import Kept
from evals.running.manifest import materials
from evals.running.run import Wanted, run
from evals.running.under import Changed, Under, addresses
from evals.running.working import Work, remaining
from evals.sources import SAMPLES
from tests.evals.toy import Toy, right, toy

__all__ = ["toy"]
CASE = Case(suite="shaping", id="F1/1", group="g")


def key(conditions: Conditions) -> str:
    return Under.of(conditions).key


def test_everything_that_may_change_an_answer_makes_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:secret@one.example/v1")
    plain = Conditions(model="openai:m")
    keys = {key(plain), key(Conditions()), key(replace(plain, seed=8)), key(replace(plain, without=("panel",)))}
    assert addresses(plain) == {"OPENAI_BASE_URL": "http://one.example/v1"}
    assert addresses(Conditions()) == {}
    changes = {"OPENAI_BASE_URL": "http://two.example/v1", "PLUMBLINE_ASK__TEMPERATURE": "0.5"}
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
        keys.add(key(plain))
    own = tmp_path / "prompts" / "feedback_shaper"
    own.mkdir(parents=True)
    shipped = next(Path(prompts.__file__).parent.rglob("feedback_shaper/prompts/weigh.md"))
    (own / "weigh.md").write_text(shipped.read_text(encoding="utf-8") + "\nBe brief.\n", encoding="utf-8")
    keys.add(key(replace(plain, prompts=tmp_path / "prompts")))
    monkeypatch.setattr(under, "program_digest", lambda: "another program")
    keys.add(key(plain))
    monkeypatch.setattr(under, "versions", lambda: {"numpy": "0"})
    keys.add(key(plain))
    assert len(keys) == 9


def test_other_material_is_asked_anew(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Conditions(), Under.of(Conditions()))
    batch = Batch("search", tmp_path, "digest", (CASE,))
    kept.keep(batch, CASE, Outcome.of(CASE, sums={}))
    assert kept.find(batch, CASE) is not None
    assert kept.find(replace(batch, digest="other"), CASE) is None


def test_an_answer_does_not_stand_under_prompts_or_a_program_that_did_not_make_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path, Conditions(), Under.of(Conditions()))
    batch = Batch("search", tmp_path, "digest", (CASE,))
    for name, what in (("prompt_hashes", "prompts"), ("program_digest", "program")):
        with monkeypatch.context() as patch:
            patch.setattr(under, name, lambda *_: "changed")
            with pytest.raises(Changed, match=what):
                kept.keep(batch, CASE, Outcome.of(CASE, sums={}))
    assert kept.find(batch, CASE) is None


def test_an_outage_is_no_answer_and_is_asked_again(toy: Toy, tmp_path: Path) -> None:
    toy.answer = lambda case, given: right(case, given).model_copy(update={"cost": Cost(asked=2, failed=case.id == "c2")})
    toy.run(tmp_path / "a", tmp_path / "kept")
    toy.run(tmp_path / "b", tmp_path / "kept")
    assert toy.asked[6:] == ["c2"]


def test_two_suites_may_call_a_case_the_same(tmp_path: Path) -> None:
    cases = (CASE, Case(suite="retrieval", id="F1/1", group="g"))
    kept = Kept(tmp_path, Conditions(), Under.of(Conditions()))
    batch = Batch("search", tmp_path, "digest", cases)
    left, found = remaining(Work(batch, Conditions(), kept))
    assert left is not None
    assert (len(left.batch.cases), found) == (2, [])
    for case in cases:
        kept.keep(batch, case, Outcome.of(case, sums={}))
    left, found = remaining(Work(batch, Conditions(), kept))
    assert (left, [o.suite for o in found]) == (None, ["shaping", "retrieval"])


def test_other_cases_and_two_files_of_one_name_are_other_data(tmp_path: Path) -> None:
    one, two = Batch("safety", tmp_path, "d", (CASE,)), Batch("safety", tmp_path, "d", (CASE.model_copy(update={"group": "h"}),))
    assert materials([one]) != materials([two])
    assert materials([one, two]) not in (materials([one]), materials([two]))
    assert materials([one, two]) == materials([two, one])


def test_a_folder_takes_no_run_under_other_prompts_and_goes_on_where_only_the_manifest_is_missing(
    toy: Toy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.run(tmp_path / "a")
    (tmp_path / "a" / "manifest.json").unlink()
    shutil.copy(tmp_path / "a" / "cases.jsonl", tmp_path / "a" / "cases.jsonl.part")
    assert len(toy.run(tmp_path / "a").outcomes) == 6
    monkeypatch.setattr("evals.running.manifest.prompt_hashes", lambda _: {"weigh": "other"})
    with pytest.raises(Conflict, match="prompts"):
        toy.run(tmp_path / "a")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_whose_program_was_changed_meanwhile_ends_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    of = Under.of
    monkeypatch.setattr(Under, "of", lambda conditions: replace(of(conditions), program="of another time"))
    with pytest.raises(Conflict, match="program"):
        run(Wanted(("verification",), data=(SAMPLES / "searches",), limit=20, jobs=jobs), Conditions(), tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_what_a_worker_told_before_it_died_stays_and_the_rest_is_held_once_more(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one(outcome: Outcome) -> None:
        workers = [p for p in multiprocessing.active_children() if "Manager" not in p.name]
        if not killed and workers and workers[0].pid:
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, 9)

    made = run(Wanted(("verification",), data=(SAMPLES / "searches",), limit=40, jobs=2), Conditions(), tmp_path / "a", kill_one)
    assert killed
    assert (len(made.outcomes), {o.state for o in made.outcomes}) == (40, {State.SCORED})
