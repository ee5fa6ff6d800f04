"""Batches held side by side in processes of their own, each outcome kept as soon as it is there, and told to whoever watches."""

import asyncio
import multiprocessing
import queue
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

from alignment.errors import PlumblineError
from evals.case import Batch, Outcome
from evals.running.conditions import Conditions
from evals.running.kept import Kept
from evals.running.under import Changed

Watch = Callable[[Outcome], None]
POLL_S = 0.2
BATCHES_EACH = 40


@dataclass(frozen=True)
class Work:
    """One batch under one set of conditions, with the cases that are still to be asked."""

    batch: Batch
    conditions: Conditions
    kept: Kept


def held(work: Sequence[Work], jobs: int, watch: Watch) -> list[Outcome]:
    """The outcomes of all of it, in the work's order; with one job everything runs in this process.

    Whatever fails is an outcome. A process that dies crashes the cases that it had not told yet.
    """
    if jobs <= 1:
        with asyncio.Runner() as runner:
            return [o for w in work for o in runner.run(_hold(w, watch))]
    return _in_processes(work, jobs, watch)


async def _hold(work: Work, watch: Watch) -> list[Outcome]:
    from evals.suites import HOLDS  # in a worker this is where the product is loaded

    by_case = {(c.suite, c.id): c for c in work.batch.cases}
    found: dict[tuple[str, str], Outcome] = {}
    why: BaseException = RuntimeError("the suite told nothing of it")
    try:
        # What a suite holds open is closed here, whatever ends it: threads that nobody ends would keep the process.
        holding = cast("AsyncGenerator[Outcome, None]", HOLDS[work.batch.kind](work.batch, work.conditions))
        async with aclosing(holding):
            async for outcome in holding:
                told = outcome.model_copy(update={"repeat": work.conditions.repeat})
                work.kept.keep(work.batch, by_case[told.suite, told.case], told)
                found[told.suite, told.case] = told
                watch(told)
    except Changed:
        raise
    except Exception as e:  # what could not be opened at all
        why = e
    left = [Outcome.crash(c, why, repeat=work.conditions.repeat) for key, c in by_case.items() if key not in found]
    for outcome in left:
        watch(outcome)
    return [*found.values(), *left]


def _in_processes(work: Sequence[Work], jobs: int, watch: Watch) -> list[Outcome]:
    """What every case came to.

    What a process told before it died stays; the rest of its batch is held once more, alone, and only then given up.
    """
    heard: dict[tuple[int, str, str], Outcome] = {}

    def hear(outcome: Outcome) -> None:
        heard[outcome.repeat, outcome.suite, outcome.case] = outcome
        watch(outcome)

    with multiprocessing.get_context("spawn").Manager() as manager:
        told: Any = manager.Queue()
        # Loading the product takes seconds, so a process holds many batches; it ends in time, since what the workbench freezes stays.
        # (A pool with `max_tasks_per_child` stands still in Python 3.11 once its processes have used theirs up.)
        died = [d for part in _parts(work, jobs * BATCHES_EACH) for d in _in_a_pool(part, jobs, told, hear)]
        for w, _ in died:
            for again, why in _in_a_pool([rest], 1, told, hear) if (rest := _unheard(w, heard)) else []:
                for case in again.batch.cases:
                    if (again.conditions.repeat, case.suite, case.id) not in heard:
                        hear(Outcome.crash(case, why, repeat=again.conditions.repeat))
    return [heard[w.conditions.repeat, c.suite, c.id] for w in work for c in w.batch.cases]


def _in_a_pool(work: Sequence[Work], jobs: int, told: Any, hear: Watch) -> list[tuple[Work, BaseException]]:
    """Hold the work side by side; the batches whose process died, with why. An error of ours ends it all."""
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(_worked, w, told) for w in work]
        try:
            for outcome in _told(futures, told):
                hear(outcome)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    died = []
    for w, future in zip(work, futures, strict=True):
        error = future.exception()
        if isinstance(error, PlumblineError | Changed):
            raise error
        if error is not None:
            died.append((w, error))
    return died


def _unheard(work: Work, heard: Mapping[tuple[int, str, str], Outcome]) -> Work | None:
    left = tuple(c for c in work.batch.cases if (work.conditions.repeat, c.suite, c.id) not in heard)
    return replace(work, batch=replace(work.batch, cases=left)) if left else None


def _parts(work: Sequence[Work], most: int) -> Iterator[Sequence[Work]]:
    yield from (work[n : n + most] for n in range(0, len(work), most))


def _worked(work: Work, told: Any) -> None:
    _runner().run(_hold(work, told.put))


@cache
def _runner() -> asyncio.Runner:
    # One loop a process: chat models' clients keep connections beyond a workbench, and these end with the loop that opened them.
    return asyncio.Runner()


def _told(futures: Sequence["Future[None]"], told: Any) -> Iterator[Outcome]:
    waiting = set(futures)
    while waiting:
        waiting = wait(waiting, POLL_S, FIRST_COMPLETED).not_done
        yield from _drained(told)
    yield from _drained(told)


def _drained(told: Any) -> Iterator[Outcome]:
    while True:
        try:
            yield told.get_nowait()
        except queue.Empty:
            return


def remaining(work: Work) -> tuple[Work | None, list[Outcome]]:
    """The work that is left after what was kept, and that."""
    found = [(c, work.kept.find(work.batch, c)) for c in work.batch.cases]
    kept = [o for _, o in found if o]
    left = tuple(c for c, o in found if o is None)
    return (replace(work, batch=replace(work.batch, cases=left)) if left else None), kept
