"""What is shown for a count: verified moments of settled statements, each from another interview, and what people did with theirs."""

from collections.abc import Sequence

from agents.corpus_questions.measures import Counted
from agents.corpus_questions.reach import Reach, narrowed
from alignment.citation import Citation
from alignment.errors import Unverified
from alignment.feedback import Polarity, ShapedStatement
from alignment.record import InterviewId
from retrieval.index import CellScope
from retrieval.verify import reverify

SHOWN = 3
IN_ALL = 18
"""Moments of one answer: each is verified against its whole transcript, and nobody reads more."""

TRIED = 12
"""Interviews that are looked into for the moments of one row."""


async def moments_of(reach: Reach, counted: Counted, own: CellScope, most: int) -> tuple[Citation, ...]:
    """Up to so many moments that show what a row counts; none where no settled claim speaks of it."""
    if not counted.shown_by:
        return ()
    scope = narrowed(own, {k: v for k, v in (counted.so or counted.of).items() if k != "claims"})
    scope = scope.also(claims=counted.shown_by)
    found: list[Citation] = []
    for interview in sorted(await reach.values(scope, "interview"))[:TRIED]:
        criteria = await reach.values(scope.also(interview=(interview,)), "criterion")
        statements = await reach.store.statements(reach.organisation, interview=InterviewId(interview))
        shown = [s for s in statements if (s.criterion or "-") in criteria]
        if citation := await _first(reach, shown, counted.shown_by):
            found.append(citation)
        if len(found) == most:
            break
    return tuple(found)


async def _first(reach: Reach, statements: Sequence[ShapedStatement], wanted: Sequence[str]) -> Citation | None:
    for statement in statements:
        (held,) = (await reach.store.shapings(reach.organisation, statement.feedback))[-1:]
        claim = next(c for c in held.claims if c.id == statement.claim)
        sign = "-" if claim.polarity is Polarity.NEGATIVE else "+"
        if f"{statement.verdict.value}{sign}" in wanted and (citation := await _standing(reach, statement.citations[0])):
            return citation
    return None


async def _standing(reach: Reach, citation: Citation) -> Citation | None:
    """The citation as the newest transcript bears it out."""
    try:
        return reverify(citation, await reach.store.transcript(reach.organisation, citation.interview))
    except Unverified:
        return None
