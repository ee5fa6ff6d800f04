"""Counts by filters and facets are what reading everything counts."""

from collections.abc import Callable
from datetime import date

import pytest

from agents.corpus_questions.answering import answer
from agents.workbench import Workbench
from alignment.corpus_answer import Measure
from alignment.record import OrganisationId
from evals.brute import Claimed, Graded, counts, read_everything
from evals.corpora import Company

House = tuple[Workbench, OrganisationId, Company]
TODAY = date(2026, 11, 26)
pytestmark = pytest.mark.asyncio(loop_scope="session")


def anything(_: Graded | Claimed) -> bool:
    return True


def must_have(row: Graded | Claimed) -> bool:
    return (row.criterion or "-")[0] == "M"


def family(row: Graded | Claimed) -> str:
    return row.search.role_family


def of_nursing(row: Graded | Claimed) -> bool:
    return family(row) == "nursing"


def this_year(row: Graded | Claimed) -> bool:
    return row.held_on is not None and row.held_on.year == TODAY.year


def family_and_line(row: Graded | Claimed) -> str:
    return f"{family(row)}, {row.criterion}"


CASES: list[tuple[str, Measure, Callable[..., str], Callable[..., bool]]] = [
    ("Where do candidates lose us, by role family?", Measure.LOSSES, family_and_line, anything),
    ("Where do candidates lose us on must-haves, by role family?", Measure.LOSSES, family_and_line, must_have),
    ("Where do nursing candidates do well?", Measure.STRENGTHS, lambda r: r.criterion or "-", of_nursing),
    ("Where do panels split, by role family?", Measure.SPLITS, family, anything),
    ("Where do panels split this year, by role family?", Measure.SPLITS, family, this_year),
    ("Which claims are not borne out, by interviewer, in 2026?", Measure.UNSUPPORTED, lambda r: r.reader, this_year),
    ("Which claims are not borne out, by role family?", Measure.UNSUPPORTED, family, anything),
    ("Where do candidates lose us, by interviewer?", Measure.LOSSES, lambda r: r.reader, anything),
    ("Where do candidates lose us, by search?", Measure.LOSSES, lambda r: r.search.title, anything),
]


@pytest.mark.parametrize(("question", "measure", "group", "within"), CASES, ids=[c[0] for c in CASES])
async def test_rows_agree_with_reading_everything(
    house: House, question: str, measure: Measure, group: Callable[..., str], within: Callable[..., bool]
) -> None:
    bench, org, company = house
    people: dict[str, str] = {p.id: p.name for p in await bench.store.interviewers(org)}
    wanted = {people.get(n, n): c for n, c in counts(await read_everything(bench, org), measure, group, within).items()}
    told = await answer(bench, org, question, TODAY)
    assert told.measure is measure
    assert told.rows
    assert [(r.group, r.of, r.so) for r in told.rows if wanted[by_line(r.group, company)] != (r.of, r.so)] == []
    assert len(told.rows) + told.more + len(told.too_few) == len(wanted)


def by_line(group: str, company: Company) -> str:
    """A row's name with the criterion's line for its words."""
    for c in company.criteria:
        if c.text in group:
            return group[: group.index(c.text)] + c.id
    return group
