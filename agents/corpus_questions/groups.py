"""The groups of an answer: role families, lines, readers, searches, and competencies, which are criteria that say much the same."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from agents.corpus_questions.cells import PROBINGS, wording_of
from agents.corpus_questions.reach import Reach
from alignment.corpus_answer import Grouping
from alignment.record import PersonId, SearchId
from retrieval.index import CellScope, Vector

ALIKE = 0.72
"""From this cosine on two criteria ask for the same: rewordings of one lie at 0.8 and more, two lines of one contract below 0.6."""

LINES = {"M": "must-haves", "T": "trade-offs", "D": "deal-breakers"}
_FIELDS = {
    Grouping.ROLE_FAMILY: "family",
    Grouping.LINE: "line",
    Grouping.PROBING: "probing",
    Grouping.INTERVIEWER: "interviewer",
    Grouping.SEARCH: "search",
}


@dataclass(frozen=True)
class Group:
    """One row to be: the values of filter fields that make it; its name is looked up once it is to be shown."""

    having: Mapping[str, tuple[str, ...]]


def competencies(counts: Mapping[str, int], vectors: Mapping[str, Vector]) -> list[tuple[str, ...]]:
    """Wordings put together by meaning, each group's most frequent first: a wording joins the nearest group whose first it is like.

    It is the same for the same record, whatever the order it was written in: the most frequent wordings begin groups first.
    """
    order = sorted((w for w in counts if w in vectors), key=lambda w: (-counts[w], w))
    heads: list[Vector] = []
    groups: list[list[str]] = []
    for wording in order:
        near = np.stack(heads) @ vectors[wording] if heads else np.zeros(0)
        best = int(near.argmax()) if len(near) else -1
        if best >= 0 and near[best] >= ALIKE:
            groups[best].append(wording)
        else:
            heads.append(vectors[wording])
            groups.append([wording])
    return [tuple(g) for g in groups]


async def groups_of(reach: Reach, groupings: tuple[Grouping, ...], scope: CellScope) -> list[Group]:
    """The groups that the scope has, unordered; of two groupings every pair that occurs, and one group of all where there is none."""
    found = [Group({})]
    for grouping in groupings:
        found = [Group({**outer.having, **inner}) for outer in found for inner in await _one(reach, grouping, scope.also(**outer.having))]
    return found


async def _one(reach: Reach, grouping: Grouping, scope: CellScope) -> list[dict[str, tuple[str, ...]]]:
    if grouping is Grouping.COMPETENCY:
        counts = await reach.cells.facet(scope, "wording")
        return [{"wording": g} for g in competencies(counts, await reach.cells.wordings(reach.organisation))]
    held = await reach.cells.facet(scope, _FIELDS[grouping])
    return [{_FIELDS[grouping]: (v,)} for v in sorted(held) if _counts(grouping, v)]


def _counts(grouping: Grouping, value: str) -> bool:
    return value in LINES if grouping is Grouping.LINE else bool(value) or grouping is Grouping.ROLE_FAMILY


async def named(reach: Reach, group: Group, scope: CellScope) -> str:
    """A group as people read it."""
    parts = [await _named(reach, field, values, scope) for field, values in group.having.items()]
    return ", ".join(parts) or "all"


async def _named(reach: Reach, field: str, values: tuple[str, ...], scope: CellScope) -> str:
    value = values[0]
    if field == "wording":
        return await text_of(reach, value, scope)
    if field == "interviewer":
        return (await reach.store.person(reach.organisation, PersonId(value))).name
    if field == "search":
        return (await reach.store.search(reach.organisation, SearchId(value))).title
    if field == "line":
        return LINES[value]
    return PROBING_WORDS.get(value, value) if field == "probing" else value or "no role family"


PROBING_WORDS = {v: v if v != "not answered" else "asked, not answered" for v in PROBINGS.values()}


async def text_of(reach: Reach, wording: str, scope: CellScope) -> str:
    """The criterion behind a wording, in the words of a contract that holds it."""
    for search in sorted(await reach.values(scope.also(wording=(wording,)), "search")):
        for contract in await reach.store.contracts(reach.organisation, SearchId(search)):
            for criterion in contract.criteria:
                if wording_of(criterion) == wording:
                    return criterion.text
    return "a criterion that is no longer on record"
