"""Cells on both engines: whatever is put, replaced and erased, counts are those of a plain list, and no tenant counts another's."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.index import CellPoint, CellScope, Index
from tests.congruence.index_cast import opened, unit

INTERVIEWS = ("one", "two", "three")
TENANTS = ("org", "other")


def cell(interview: str, reader: str, criterion: str, day: int = 10, **fields: str | tuple[str, ...]) -> CellPoint:
    own: dict[str, str | tuple[str, ...]] = {"line": criterion[0], "wording": f"w-{criterion}", "flags": ("meant",), "claims": ()}
    return CellPoint(interview, reader, criterion, day, {**own, **fields})


@pytest.fixture
async def index(index_place: str) -> AsyncIterator[Index]:
    """An empty index of either engine."""
    empty = await opened(index_place)
    yield empty
    await empty.close()


async def test_an_interviews_cells_are_replaced_whole(index: Index) -> None:
    await index.cells.put("org", "one", "first", [cell("one", "a", "M1"), cell("one", "a", "M2")])
    await index.cells.put("org", "one", "second", [cell("one", "b", "M1")])
    assert await index.cells.held("org") == {"one": "second"}
    assert await index.cells.facet(CellScope("org"), "interviewer") == {"b": 1}


async def test_erased_cells_are_gone_with_the_criteria_that_nothing_else_has(index: Index) -> None:
    await index.cells.put_wordings("org", {"w-M1": unit(1), "w-T1": unit(2)})
    await index.cells.put("org", "one", "s", [cell("one", "a", "M1")])
    await index.cells.put("org", "two", "s", [cell("two", "a", "T1")])
    await index.erase("org", ["one"])
    assert await index.cells.held("org") == {"two": "s"}
    found = await index.cells.wordings("org")
    assert set(found) == {"w-T1"}
    assert np.allclose(found["w-T1"], unit(2), atol=1e-5)


async def test_fields_of_several_values_days_and_what_is_lacking(index: Index) -> None:
    cells = [
        cell("one", "a", "M1", day=10, flags=("meant", "split"), grade="1"),
        cell("one", "a", "M2", day=10, flags=("meant",), grade="4"),
        cell("two", "b", "M1", day=20, flags=("open",)),
        cell("three", "b", "M1", day=0),
    ]
    for name in INTERVIEWS:
        await index.cells.put("org", name, "s", [c for c in cells if c.interview == name])
    count = index.cells.count
    assert await count(CellScope("org", {"flags": ("split", "open")})) == 2
    assert await count(CellScope("org", lacking={"flags": ("open",)})) == 3
    assert await count(CellScope("org", from_day=10, until_day=20)) == 2
    assert await count(CellScope("org", from_day=0, until_day=1)) == 1
    assert await count(CellScope("org", {"grade": ()})) == 0
    assert await index.cells.values(CellScope("org", {"grade": ("1", "4")}), "interview") == {"one"}
    assert await index.cells.facet(CellScope("org").also(criterion=("M1",)), "interviewer") == {"a": 1, "b": 2}


async def test_an_organisation_without_cells_has_none(index: Index) -> None:
    assert await index.cells.held("nobody") == {}
    assert await index.cells.count(CellScope("nobody")) == 0
    assert await index.cells.values(CellScope("nobody"), "interview") == frozenset()
    assert await index.cells.wordings("nobody") == {}
    await index.cells.erase("nobody", ["one"])


async def test_cells_survive_closing_and_opening_again(tmp_path: Path) -> None:
    index = await opened(str(tmp_path / "index"))
    await index.cells.put("org", "one", "s", [cell("one", "a", "M1")])
    await index.cells.put_wordings("org", {"w-M1": unit(1)})
    await index.close()
    again = await opened(str(tmp_path / "index"))
    assert await again.cells.held("org") == {"one": "s"}
    assert set(await again.cells.wordings("org")) == {"w-M1"}
    await again.close()


Changes = list[tuple[str, str, list[tuple[str, str, str, set[str], int]] | None]]
PUTS = st.tuples(
    st.sampled_from(TENANTS),
    st.sampled_from(INTERVIEWS),
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.sampled_from(("M1", "M2", "T1")),
            st.sampled_from(("", "1", "4")),
            st.sets(st.sampled_from(("meant", "split", "open"))),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda c: (c[0], c[1]),
    ),
)
ERASED = st.tuples(st.sampled_from(TENANTS), st.sampled_from(INTERVIEWS), st.none())
_VALUES = {"flags": ("meant", "split", "open"), "grade": ("1", "4"), "interviewer": ("a", "b"), "criterion": ("M1", "M2", "T1")}


@pytest.mark.parametrize("engine", ["embedded", "server"])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.lists(st.one_of(PUTS, PUTS, ERASED), min_size=1, max_size=8), data=st.data())
def test_counts_are_those_of_a_plain_list(engine: str, changes: Changes, data: st.DataObject) -> None:
    having = {
        name: tuple(data.draw(st.lists(st.sampled_from(_VALUES[name]), min_size=1, unique=True), label=name))
        for name in data.draw(st.sets(st.sampled_from(sorted(_VALUES)), max_size=2), label="fields")
    }
    since = data.draw(st.one_of(st.none(), st.integers(0, 3)), label="since")

    async def work(place: str) -> None:
        index = await opened(place)
        try:
            await _agree(index, changes, having, since)
        finally:
            await index.close()

    if engine == "server":
        asyncio.run(work(":memory:"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(work(folder))


async def _agree(index: Index, changes: Changes, having: dict[str, tuple[str, ...]], since: int | None) -> None:
    plain: dict[tuple[str, str], list[CellPoint]] = {}
    for n, (tenant, interview, drawn) in enumerate(changes):
        if drawn is None:
            await index.cells.erase(tenant, [interview])
            plain.pop((tenant, interview), None)
            continue
        cells = [
            cell(interview, reader, criterion, day, flags=tuple(sorted(flags)), **({"grade": grade} if grade else {}))
            for reader, criterion, grade, flags, day in drawn
        ]
        await index.cells.put(tenant, interview, f"s{n}", cells)
        plain[tenant, interview] = cells
    for tenant in TENANTS:
        own = [c for (t, _), cells in plain.items() if t == tenant for c in cells if _in(c, having, since)]
        scope = CellScope(tenant, having, from_day=since)
        assert await index.cells.count(scope) == len(own)
        for name in ("interview", "interviewer", "criterion", "grade", "flags"):
            counted = Counter(v for c in own for v in _values(c, name))
            assert await index.cells.facet(scope, name) == dict(counted)
            assert await index.cells.values(scope, name) == set(counted)


def _in(c: CellPoint, having: dict[str, tuple[str, ...]], since: int | None) -> bool:
    return (since is None or c.day >= since) and all(set(_values(c, name)) & set(values) for name, values in having.items())


def _values(c: CellPoint, name: str) -> tuple[str, ...]:
    own = {"interview": c.interview, "interviewer": c.interviewer, "criterion": c.criterion}
    value = own.get(name) or c.fields.get(name, ())
    return value if isinstance(value, tuple) else (value,)
