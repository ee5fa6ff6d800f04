"""Whole transcripts or none, whenever the process is killed; `python -m evals.kill` does the same twenty times."""

from pathlib import Path

from evals.kill import run


def test_a_kill_at_any_moment_leaves_whole_transcripts_or_none(prepared: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "models").symlink_to(prepared / "models")
    seen, unfinished = run(tmp_path, folder, times=3, seed=11)
    assert [s.violations for s in seen] == [(), (), ()]
    assert unfinished == []
    assert any(s.alive for s in seen)
