"""From a question as it was understood to the cells that it is about, in fields and in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.corpus_questions.cells import OUTSIDE, family_of
from agents.corpus_questions.groups import LINES, competencies, text_of
from agents.corpus_questions.periods import Period
from agents.corpus_questions.reach import Reach
from agents.corpus_questions.reading import CorpusAsk
from alignment.people import Person
from retrieval.index import CellScope

SPEAKS_OF = 0.35
"""From this cosine on a competency is what a theme names."""


@dataclass(frozen=True)
class Scoped:
    """The cells in question, `told` in words; `unknown` is a theme that no criterion on record speaks of."""

    cells: CellScope
    told: str
    unknown: str = ""


async def scope_of(reach: Reach, ask: CorpusAsk, people: Sequence[Person], *, whole: bool) -> Scoped:
    """What the question is narrowed to; a measure over whole interviews is not narrowed by line or theme."""
    having: dict[str, tuple[str, ...]] = {}
    told = []
    if ask.family:
        having["family"] = (family_of(ask.family),)
        told.append(ask.family)
    if ask.interviewer:
        having["interviewer"] = tuple(p.id for p in people if p.name == ask.interviewer)
        told.append(f"read by {ask.interviewer}")
    if ask.lines and not whole:
        having["line"] = ask.lines
        told.append(" and ".join(LINES[line] for line in ask.lines))
    scope = within(CellScope(reach.organisation, having), ask.period)
    if not ask.theme or whole:
        return Scoped(scope, ", ".join(told))
    wordings = await _about(reach, ask.theme, scope)
    if not wordings:
        return Scoped(scope, ", ".join(told), unknown=ask.theme)
    told.append(f"on “{await text_of(reach, wordings[0], scope)}”")
    return Scoped(scope.also(wording=wordings), ", ".join(told))


def within(scope: CellScope, period: Period | None) -> CellScope:
    """The scope within a period; what has no date is in no period."""
    if period is None:
        return scope
    start = period.start.toordinal() if period.start else 1
    return replace(scope, from_day=start, until_day=period.end.toordinal() if period.end else None)


def undated(scope: CellScope) -> CellScope:
    """What lies in the scope but for its date, and has none."""
    return replace(scope, from_day=0, until_day=1)


async def _about(reach: Reach, theme: str, scope: CellScope) -> tuple[str, ...]:
    """The competency nearest to a theme, if any is near."""
    vectors = await reach.cells.wordings(reach.organisation)
    groups = competencies(await reach.cells.facet(replace(scope, lacking={"line": (OUTSIDE,)}), "wording"), vectors)
    if not groups:
        return ()
    (asked,) = await reach.bench.embedder.embed([theme])
    near = [max(float(vectors[w] @ asked) for w in g) for g in groups]
    best = max(range(len(groups)), key=near.__getitem__)
    return groups[best] if near[best] >= SPEAKS_OF else ()
