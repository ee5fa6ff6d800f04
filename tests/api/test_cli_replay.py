"""`plumbline replay` and `plumbline demo`: whole searches, from files to what came out."""

import json
import re
import shutil
import sys
from pathlib import Path

from tests.api.cast import DESIGN, SCREEN, SLUG, Ran
from tests.api.conftest import Run

opened: list[str] = []
"""Every file that this process opened since a test cleared the list; an audit hook cannot be taken away again."""
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)


def _refused(ran: Ran, code: int, *said: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    for words in ("Error [", *said):
        assert words in ran.err


def _gold_opened() -> set[str]:
    return {name for path in opened if (parts := Path(path).parts)[-2:-1] == ("gold",) for name in parts[-1:]}


def test_a_replay_writes_every_claim_with_citations_that_are_verbatim(standing: Run, folder: Path, tmp_path: Path) -> None:
    done = standing("replay", str(folder), "--contract", "gold", "--out", str(tmp_path / "fresh" / "out"))
    assert done.code == 0, done.err
    written = tmp_path / "fresh" / "out" / SLUG
    assert done.out == f"{SLUG}: 2 pieces of feedback shaped, in {written / 'shaped.jsonl'}\n"
    assert sorted(p.name for p in written.iterdir()) == ["debrief.json", "shaped.jsonl"]
    rows = [json.loads(line) for line in (written / "shaped.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["F1", "F2"]
    said = {"1-screen": SCREEN, "2-design": DESIGN}
    for citation in (c for row in rows for claim in row["claims"] for c in claim["citations"]):
        assert any(who == citation["speaker"] and citation["quote"] in text for who, text in said[citation["interview"]])
    assert all(bool(claim["statement"]) <= bool(claim["citations"]) for row in rows for claim in row["claims"])


def test_a_replay_opens_nothing_in_gold_but_the_contract(standing: Run, folder: Path, tmp_path: Path) -> None:
    for name in ("feedback.jsonl", "debrief.json", "moments.json"):
        (folder / "gold" / name).write_bytes(b"\xff poison")
    opened.clear()
    poisoned = standing("replay", str(folder), "--out", str(tmp_path / "poisoned"))
    assert poisoned.code == 0, poisoned.err
    assert _gold_opened() == {"contract.json"}
    for file in (folder / "gold").iterdir():
        if file.name != "contract.json":
            file.unlink()
    assert standing("replay", str(folder), "--out", str(tmp_path / "absent")).code == 0
    told = [(tmp_path / name / SLUG / "shaped.jsonl").read_text() for name in ("poisoned", "absent")]
    assert told[0] == told[1]


def test_a_replay_leaves_ones_own_record_as_it_was(story: Run, folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    assert story("replay", str(other), "--out", str(tmp_path / "out")).code == 0
    assert [s["slug"] for s in story("search", "list", "--json").json] == [SLUG]


def test_folders_that_cannot_be_replayed_are_refused_before_any_work(standing: Run, folder: Path, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    _refused(standing("replay", str(tmp_path / "nowhere"), *out), 6, "nowhere", "does not exist")
    twin = shutil.copytree(folder, tmp_path / "twin" / SLUG)
    _refused(standing("replay", str(folder), str(twin), *out), 6, "the same name", "rename one")
    _refused(standing("replay", str(folder), str(tmp_path), *out), 6, "search.json")
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("")
    _refused(standing("replay", str(folder), "--out", str(tmp_path / "file")), 6, "cannot be written", "file")


def test_a_replay_needs_the_contract_it_was_told_to_take(standing: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "gold" / "contract.json").unlink()
    _refused(standing("replay", str(folder), "--out", str(tmp_path / "out")), 6, "contract.json")
    unknown = standing("replay", str(folder), "--contract", "silver", "--out", str(tmp_path / "out"))
    assert (unknown.code, unknown.out) == (2, "")


def test_the_demo_prints_statements_with_minute_quote_and_criterion(standing: Run) -> None:
    before = [s["slug"] for s in standing("search", "list", "--json").json]
    told = standing("demo")
    assert told.code == 0, told.err
    statements = re.findall(r"Statement: .*", told.out)
    assert statements
    assert any("at minute" in s and "“" in s for s in statements)
    assert any(re.search(r"That bears on (must-have|trade-off|the deal-breaker)", s) for s in statements)
    assert re.search(r"\[1\] +\d+:\d\d-\d+:\d\d +Tomás Arriaga +“", told.out)
    for part in ("Question: ", "Set aside: ", "not about the job", "M1 ", "plumbline search new --from"):
        assert part in told.out
    assert [s["slug"] for s in standing("search", "list", "--json").json] == before
