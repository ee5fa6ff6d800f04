"""Outcomes kept by content: the same case, material, conditions and program give the same key, so nothing is asked twice.

This is also how a run goes on after it was broken off: what was written stays, one file an outcome. They hold what people said, like the
record itself: they lie in the home folder, and `python -m evals clean` removes them.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agents.prompts import prompt_hashes
from alignment.record import digest
from evals.case import Batch, Case, Outcome, State
from evals.running.conditions import Conditions
from evals.running.folder import write

PROGRAM = Path(__file__).parents[2]
ROOMS = ("alignment", "corpus", "retrieval", "agents", "api", "evals")
_WORDS = (".py", ".md", ".json", ".jsonl")


@cache
def program_digest() -> str:
    """A digest of the product and of the harness: whatever changed in either is asked anew."""
    whole = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((PROGRAM / room).rglob("*")):
            if path.suffix in _WORDS and "samples" not in path.parts:
                whole.update(path.relative_to(PROGRAM).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


@dataclass(frozen=True)
class Kept:
    """A folder of outcomes by key; None keeps nothing and finds nothing."""

    folder: Path | None
    conditions: Conditions
    settings: str

    def find(self, batch: Batch, case: Case) -> Outcome | None:
        """The outcome of that case as it was kept; a file that is broken is none, and a crash is tried again."""
        if self.folder is None:
            return None
        try:
            found = Outcome.model_validate_json(self._path(batch, case).read_bytes())
        except (OSError, ValueError):
            return None
        return None if found.state is State.CRASHED else found

    def keep(self, batch: Batch, case: Case, outcome: Outcome) -> None:
        """Write an outcome where it is found again."""
        if self.folder is not None:
            path = self._path(batch, case)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write(path, outcome.model_dump_json())

    def _path(self, batch: Batch, case: Case) -> Path:
        assert self.folder is not None, "somebody keeps outcomes"
        hashes = prompt_hashes(self.conditions.prompts)
        conditions = self.conditions.told
        key = digest(program_digest(), self.settings, conditions, str(hashes), batch.kind, batch.digest, case.model_dump_json())
        return self.folder / key[:2] / f"{key}.json"
