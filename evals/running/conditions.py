"""Under what a run is held: the models, prompts and embedder that are tried, and the seed."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from agents.ask import Ledger
from agents.models import open_askers
from agents.prompts import check_folder
from agents.workbench import Workbench, make_embedder, open_workbench
from alignment.settings import RULES, Settings, load_settings
from evals.case import Cost
from evals.running.ablations import check_evidence, left_out
from evals.running.places import fresh_home


@dataclass(frozen=True)
class Conditions:
    """What a run tries; what is not named is as the environment has it.

    `without` are kinds of evidence that the rules do without (`evals.running.ablations`), `repeat` is which of several repeats this is.
    """

    model: str = RULES
    embedder: str = ""
    prompts: Path | None = None
    without: tuple[str, ...] = ()
    seed: int = 7
    repeat: int = 0

    def settings(self, home: Path) -> Settings:
        """The product's settings in a home of their own; BadSettings where a name is none."""
        given: dict[str, object] = {"home": home, "store_url": "", "index": "", "checkpoints_url": "", "model": self.model}
        if self.embedder:
            given["embedder"] = {"name": self.embedder}
        if self.prompts:
            given["prompts"] = self.prompts
        settings = load_settings(**given)
        # A repeat that asked with the same seed would only show the cache or the provider's own determinism.
        ask = settings.ask.model_copy(update={"seed": settings.ask.seed + 1000 * self.repeat})
        return settings.model_copy(update={"ask": ask})

    def check(self) -> None:
        """Pass where a workbench can be opened under them; BadSettings or ModelDown before hundreds of cases crash for the same reason."""
        settings = self.settings(Path(os.devnull))
        check_evidence(self.without)
        if self.prompts:
            check_folder(self.prompts)
        make_embedder(settings)
        open_askers(settings, Ledger())

    @asynccontextmanager
    async def workbench(self, **changed: object) -> AsyncIterator[Workbench]:
        """The product's workbench on an empty home, which is gone afterwards."""
        with fresh_home() as home, left_out(self.without):
            async with open_workbench(self.settings(home).model_copy(update=changed)) as bench:
                yield bench

    @property
    def told(self) -> str:
        """All of it in one line, for a key."""
        return json.dumps(asdict(self), default=str, sort_keys=True)


def spent(bench: Workbench) -> Cost:
    """What chat models were asked since the workbench was opened."""
    rows = bench.ledger.rows()
    names = [n for n in Cost.model_fields if n in (rows[0] if rows else {})]
    return Cost(**{name: sum(int(row[name]) for row in rows) for name in names})


def since(before: Cost, after: Cost) -> Cost:
    """What was asked between the two."""
    return Cost(**{name: getattr(after, name) - getattr(before, name) for name in Cost.model_fields})
