"""A case as a test: `@pytest.mark.plumbline_suite("shaping", data="folder", model="rules")` on a test that takes `eval_outcome`.

The test is run once for every case of the suite, and the fixture gives the case's outcome. A batch is held once a session, whichever of
its cases comes first. A case at which the product failed fails with its reason, and one that cannot be scored is skipped with its own.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

# Every pytest of whoever installed the package imports this, most of them for nothing: what it needs is imported where it is needed.
if TYPE_CHECKING:
    from pathlib import Path

    from evals.case import Batch, Outcome
    from evals.running.conditions import Conditions

MARKER = "plumbline_suite"
FIXTURE = "eval_outcome"
_USE = f'{MARKER}(name, data="", model="rules", embedder="", prompts="", seed=7, limit=0): run the test once for each case of that suite'


@dataclass(frozen=True)
class Wanted:
    """What a marker asks for; paths that are not absolute begin at the root folder of the tests, `data` empty takes the samples."""

    suite: str
    data: str = ""
    model: str = "rules"
    embedder: str = ""
    prompts: str = ""
    seed: int = 7
    limit: int = 0


@dataclass(frozen=True)
class Asked:
    """One case of one batch, as a test is given it."""

    batch: "Batch"
    conditions: "Conditions"
    case: str


_HELD = pytest.StashKey[dict[Any, dict[str, "Outcome"]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _USE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of every case of the suite that the marker names."""
    if FIXTURE not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker(MARKER)
    if marker is None:
        raise pytest.UsageError(f"{metafunc.definition.nodeid} takes {FIXTURE}, so it needs the marker {_USE.split(':')[0]}")
    try:
        wanted = Wanted(*marker.args, **marker.kwargs)
    except TypeError as e:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: {e}; use {_USE.split(':')[0]}") from e
    found = _asked(wanted, metafunc.config.rootpath)
    metafunc.parametrize(FIXTURE, [_param(metafunc.config, a) for a in found], ids=[a.case for a in found], indirect=True)


def _asked(wanted: Wanted, root: "Path") -> list[Asked]:
    """Every case of the suite, in its order; a suite, data or conditions that there are not end the collection in one sentence."""
    from alignment.errors import PlumblineError
    from evals.running.conditions import Conditions
    from evals.running.plan import planned
    from evals.running.run import sources_of, suites_called

    prompts = root / wanted.prompts if wanted.prompts else None
    conditions = Conditions(model=wanted.model, embedder=wanted.embedder, prompts=prompts, seed=wanted.seed)
    try:
        conditions.settings(root)
        sources = sources_of((root / wanted.data,) if wanted.data else ())
        batches = planned(suites_called([wanted.suite]), sources, wanted.seed, wanted.limit)
    except PlumblineError as e:
        raise pytest.UsageError(str(e)) from e
    return [Asked(batch, conditions, case.id) for batch in batches for case in batch.cases]


def _param(config: pytest.Config, asked: Asked) -> Any:
    """With several workers and `--dist loadgroup`, the cases of a batch go to one of them, which holds it once."""
    grouped = config.pluginmanager.hasplugin("xdist")
    marks = [pytest.mark.xdist_group(f"{asked.batch.kind} {asked.batch.source}")] if grouped else []
    return pytest.param(asked, marks=marks)


@pytest.fixture
def eval_outcome(request: pytest.FixtureRequest) -> "Outcome":
    """The outcome of the case that this test is of."""
    from evals.case import State

    asked: Asked = request.param
    outcome = _held(request.config, asked)[asked.case]
    if outcome.state is State.UNSCORED:
        pytest.skip(f"{asked.case} cannot be scored: {outcome.why}")
    return outcome


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail the test of a case at which the product failed; from the fixture that would be an error of the test instead."""
    outcome = getattr(item, "funcargs", {}).get(FIXTURE)
    if outcome is not None and outcome.state == "crashed":
        pytest.fail(f"{outcome.case} crashed: {outcome.why}", pytrace=False)


def _held(config: pytest.Config, asked: Asked) -> "dict[str, Outcome]":
    """The outcomes of the case's whole batch, which is held the first time that one of its cases is asked for."""
    held = config.stash.setdefault(_HELD, {})
    batch = asked.batch
    key = (batch.kind, str(batch.source), batch.digest, tuple(c.id for c in batch.cases), asked.conditions.told)
    if key not in held:
        held[key] = _hold(asked)
    return held[key]


def _hold(asked: Asked) -> "dict[str, Outcome]":
    from concurrent.futures import ThreadPoolExecutor

    from evals.running.kept import Kept
    from evals.running.under import Under
    from evals.running.working import Work
    from evals.running.working import held as hold

    work = Work(asked.batch, asked.conditions, Kept(None, asked.conditions, Under.of(asked.conditions)))
    # In a thread of its own: an event loop that runs in the test's thread, or is set there, stays as it is.
    with ThreadPoolExecutor(1) as apart:
        outcomes = apart.submit(hold, [work], 1, lambda _: None).result()
    return {o.case: o for o in outcomes}
