"""The story that the command line's tests tell: a search folder in files, and what ran."""

import contextlib
import io
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli import main

DANA, PRIYA, HAMID, ANA, TOMAS = "Dana Reyes", "Priya Rao", "Hamid Sarraf", "Ana Ruiz", "Tomás Vidal"
SLUG = "staff-engineer"

HEAD: dict[str, Any] = {
    "title": "Staff Engineer, Routing",
    "role_family": "software engineering",
    "company_kind": "logistics firm",
    "recruiter": DANA,
    "hiring_manager": PRIYA,
    "candidate": TOMAS,
    "intake_date": "2026-03-01",
    "contract_version": 1,
    "panel": [
        {"name": HAMID, "stage": "screen", "interview": "1-screen", "date": "2026-03-22", "focus": ["M1", "T1"]},
        {"name": ANA, "stage": "design", "interview": "2-design", "date": "2026-03-26", "focus": ["M2", "T2", "D1"]},
    ],
}
CONTRACT: dict[str, Any] = {
    "must_haves": [
        {"id": "M1", "text": "Has run a service that others depend on, and was paged for it"},
        {"id": "M2", "text": "Has changed a plan after hearing from another team that it would not work for them"},
        {"id": "M3", "text": "Has taught somebody to take over their own work"},
    ],
    "trade_offs": [
        {"id": "T1", "text": "Gives up knowing our language for having learnt two others on the job"},
        {"id": "T2", "text": "Gives up logistics experience for having worked across functions under conflict"},
    ],
    "deal_breaker": {"id": "D1", "text": "Blames a colleague for an outage instead of telling what they did themselves"},
}
FEEDBACK = [
    {"id": "F1", "interview": "1-screen", "interviewer": HAMID, "raw": "He ran the routing service and was paged for it himself."},
    {"id": "F2", "interview": "2-design", "interviewer": ANA, "raw": "Didn't click for me."},
]
GRADES = [{"interviewer": HAMID, "criterion": "M1", "grade": 4}, {"interviewer": ANA, "criterion": "M1", "grade": 2}]
SCREEN = [
    (HAMID, "Good morning, Tomás. Thanks for making the time for this."),
    (TOMAS, "Good morning. Happy to be here."),
    (HAMID, "Tell me about a service that you ran yourself and that others depended on."),
    (
        TOMAS,
        "I ran the routing service for three years. I was paged for it every second week, and I wrote the runbook that the others used.",
    ),
    (HAMID, "What went wrong with it?"),
    (TOMAS, "One night in March the cache filled up. I had set the limit too high myself, so I told the depot and we rolled it back."),
    (HAMID, "And which languages did you pick up on the way?"),
    (TOMAS, "I learnt Go and then Rust on the job, because the parser had to be faster."),
]
DESIGN = [
    (ANA, "When did another team last tell you that your plan would not work for them?"),
    ("SPEAKER_01", "The warehouse people said that our window was too short. We moved the cut-off to six in the evening for them."),
    (ANA, "Can you name a recent conflict across functions?"),
    ("SPEAKER_01", "I would have to think about that. Nothing comes to mind right now."),
    (ANA, "Who took over your work when you left?"),
    ("SPEAKER_01", "Mireia did. I sat beside her for a month, and then she sat beside me."),
]


@dataclass(frozen=True)
class Ran:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON, which must be all that stands there."""
        return json.loads(self.out)


class _Typed(io.TextIOWrapper):
    """Standard input with something in it, from a pipe or as if somebody typed it."""

    def __init__(self, text: str | bytes, terminal: bool) -> None:
        super().__init__(io.BytesIO(text if isinstance(text, bytes) else text.encode()), encoding="utf-8")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def run_in(args: tuple[str, ...], home: Path, stdin: str | bytes = "", terminal: bool = False, **environment: str) -> Ran:
    """Run a command in this process, over that home, with these variables besides."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in {"PLUMBLINE_HOME": str(home), "COLUMNS": "400", **environment}.items():
            patch.setenv(variable, value)
        for name, given in (("argv", ["plumbline", *args]), ("stdin", _Typed(stdin, terminal)), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, given)
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return Ran(code, out.getvalue(), err.getvalue())


def vtt(lines: list[tuple[str, str]]) -> str:
    """The lines as WebVTT, ten seconds each."""
    return "WEBVTT\n\n" + "\n".join(f"{_clock(10 * n)} --> {_clock(10 * n + 9)}\n{who}: {text}\n" for n, (who, text) in enumerate(lines))


def srt(lines: list[tuple[str, str]]) -> str:
    """The lines as SRT, ten seconds each."""
    clocks = [(_clock(10 * n).replace(".", ","), _clock(10 * n + 9).replace(".", ",")) for n in range(len(lines))]
    return "\n".join(f"{n}\n{a} --> {b}\n{who}: {text}\n" for n, ((who, text), (a, b)) in enumerate(zip(lines, clocks, strict=True), 1))


def write_folder(path: Path, **changed: Any) -> Path:
    """The story's search in files; `changed` replaces head, contract, feedback, grades or interviews (name → text)."""
    (path / "interviews").mkdir(parents=True)
    (path / "gold").mkdir()
    (path / "search.json").write_text(json.dumps(changed.get("head", HEAD)), encoding="utf-8")
    (path / "gold" / "contract.json").write_text(json.dumps(changed.get("contract", CONTRACT)), encoding="utf-8")
    rows = changed.get("feedback", FEEDBACK)
    (path / "feedback.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (path / "scorecards.json").write_text(json.dumps(changed.get("grades", GRADES)), encoding="utf-8")
    for name, text in changed.get("interviews", {"1-screen.vtt": vtt(SCREEN), "2-design.srt": srt(DESIGN)}).items():
        (path / "interviews" / name).write_text(text, encoding="utf-8")
    return path


def copy_home(home: Path, to: Path) -> Path:
    """A home as it stands, its converted model linked and its index (mostly holes) copied without them."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("models"), copy_function=_copy_data)
    (to / "models").symlink_to(home / "models")
    return to


def _copy_data(source: str, to: str) -> str:
    with open(source, "rb") as old, open(to, "wb") as new:
        os.truncate(new.fileno(), os.fstat(old.fileno()).st_size)
        at = 0
        with contextlib.suppress(OSError):  # no more data after `at`
            while True:
                start = os.lseek(old.fileno(), at, os.SEEK_DATA)
                at = os.lseek(old.fileno(), start, os.SEEK_HOLE)
                os.pwrite(new.fileno(), os.pread(old.fileno(), at - start, start), start)
    return to


def _clock(seconds: int) -> str:
    return f"00:{seconds // 60:02d}:{seconds % 60:02d}.000"
