"""Outcomes kept by content: the same case, material, conditions and program give the same key, so nothing is asked twice.

This is also how a run goes on after it was broken off: what was written stays, one file an outcome. They hold what people said, like the
record itself: they lie in the home folder, and `python -m evals clean` removes them.
"""

from dataclasses import dataclass
from pathlib import Path

from alignment.record import digest
from evals.case import Batch, Case, Outcome, State
from evals.running.conditions import Conditions
from evals.running.folder import write
from evals.running.under import Under


@dataclass(frozen=True)
class Kept:
    """A folder of outcomes by key; None keeps nothing and finds nothing."""

    folder: Path | None
    conditions: Conditions
    under: Under

    def find(self, batch: Batch, case: Case) -> Outcome | None:
        """The outcome of that case as it was kept; a file that is broken is none, and what failed is tried again."""
        if self.folder is None:
            return None
        try:
            found = Outcome.model_validate_json(self._path(batch, case).read_bytes())
        except (OSError, ValueError):
            return None
        return None if _failed(found) else found

    def keep(self, batch: Batch, case: Case, outcome: Outcome) -> None:
        """Write an outcome where it is found again; Changed where it may have been made by other prompts or another program.

        One for which a chat model failed is not kept: an outage is no answer of the model's.
        """
        self.under.must_hold(self.conditions)
        if self.folder is not None and not _failed(outcome):
            path = self._path(batch, case)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write(path, outcome.model_dump_json())

    def _path(self, batch: Batch, case: Case) -> Path:
        assert self.folder is not None, "somebody keeps outcomes"
        key = digest(self.under.key, batch.kind, batch.digest, case.model_dump_json())
        return self.folder / key[:2] / f"{key}.json"


def _failed(outcome: Outcome) -> bool:
    return outcome.state is State.CRASHED or outcome.cost.failed > 0
