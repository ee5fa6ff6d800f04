"""One run from its plan to its folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alignment.errors import Conflict, NotFound
from evals.case import Batch, Outcome
from evals.figures import summed_up
from evals.running.conditions import Conditions
from evals.running.folder import CASES, MANIFEST, SUMMARY, Run, read_run, write_run
from evals.running.kept import Kept
from evals.running.manifest import manifest
from evals.running.plan import planned
from evals.running.under import Changed, Under
from evals.running.working import Watch, Work, held, remaining
from evals.sources import SAMPLES, Sources
from evals.suite import Suite
from evals.suites import SUITES

_ASKED = ("suites", "data", "limit", "seed", "repeat", "model", "without", "settings", "prompts", "addresses")
"""What tells two runs apart that may not share a folder."""


@dataclass(frozen=True)
class Wanted:
    """What a run is to do; `data` empty takes our own samples, `kept` None keeps no outcome, `lenient` leaves out suites without a case."""

    suites: tuple[str, ...]
    data: tuple[Path, ...] = ()
    limit: int = 0
    repeats: int = 1
    jobs: int = 2
    kept: Path | None = None
    lenient: bool = False


def run(wanted: Wanted, conditions: Conditions, out: Path, watch: Watch = lambda _: None) -> Run:
    """Hold the suites and write the run's folder; `watch` hears of every outcome, those that were kept among them.

    Errors: NotFound for a suite or data that there are not, BadRequest for a file of cases that is none, BadSettings for conditions that
    cannot be; Conflict where `out` holds another run.
    """
    began = datetime.now(UTC)
    conditions.check()
    batches = planned_for(wanted, conditions.seed)
    told = manifest(wanted.suites, batches, conditions, wanted.repeats, wanted.limit, wanted.data or (SAMPLES,))
    _same_run(out, told)
    repeats = [replace(conditions, repeat=r) for r in range(wanted.repeats)]
    kept = {c.repeat: Kept(wanted.kept, c, Under.of(c)) for c in repeats}
    work = [Work(b, c, kept[c.repeat]) for c in repeats for b in batches]
    left: list[Work] = []
    outcomes: list[Outcome] = []
    for piece in work:
        rest, found = remaining(piece)
        left += [rest] if rest else []
        outcomes += found
    for outcome in outcomes:
        watch(outcome)
    found_before = len(outcomes)
    # The largest first: one that begins last would be waited for by every other process.
    try:
        outcomes += held(sorted(left, key=lambda piece: -len(piece.batch.cases)), wanted.jobs, watch)
    except Changed as e:
        raise Conflict(str(e), todo="Give the same command again.") from e
    metrics = {name: SUITES[name].metrics for name in wanted.suites}
    order = {(c.suite, c.id): n for n, c in enumerate(c for b in batches for c in b.cases)}
    outcomes.sort(key=lambda o: (o.repeat, order[o.suite, o.case]))
    took_s = round((datetime.now(UTC) - began).total_seconds(), 1)
    told |= {"began": began.isoformat(timespec="seconds"), "took_s": took_s, "found_kept": found_before}
    write_run(out, told, outcomes, summed_up(metrics, outcomes, conditions.seed))
    return read_run(out)


def planned_for(wanted: Wanted, seed: int) -> list[Batch]:
    """The batches of a run; errors as in `run`."""
    return planned(suites_called(wanted.suites), sources_of(wanted.data), seed, wanted.limit, lenient=wanted.lenient)


def suites_called(names: Sequence[str]) -> list[Suite]:
    """The suites of these names; NotFound names one that there is not."""
    if unknown := [name for name in names if name not in SUITES]:
        raise NotFound(f"There is no suite {unknown[0]}", where="suites", todo=f"There are: {', '.join(SUITES)}.")
    return [SUITES[name] for name in dict.fromkeys(names)]


def sources_of(data: Sequence[Path]) -> Sources:
    """The folders of data, or our own samples; NotFound names a folder that there is not."""
    if missing := next((path for path in data if not path.is_dir()), None):
        raise NotFound("There is no such folder of data", where=str(missing), todo="Name a folder, or leave --data out for the samples.")
    return Sources(tuple(data) or (SAMPLES,))


def _same_run(out: Path, told: Mapping[str, Any]) -> None:
    """Pass where the folder is free or holds a run that asked the same, which is then made anew; else Conflict, and nothing is touched."""
    there_is = {p.name for p in out.iterdir()} if out.exists() else set()
    # Of a run that was ended while it was written, the manifest is what is missing.
    if there_is <= {f"{name}{end}" for name in (CASES, SUMMARY) for end in ("", ".part")} | {f"{MANIFEST}.part"}:
        return
    todo = "Name another folder with --out."
    try:
        there = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise Conflict("That folder holds something else than a run", where=str(out), todo=todo) from e
    if other := [name for name in _ASKED if there.get(name) != told[name]]:
        raise Conflict(f"That folder holds a run with other {other[0]}: {there.get(other[0])}", where=str(out), todo=todo)
