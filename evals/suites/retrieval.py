"""Finding the moment: claims and questions looked for in the interview that they are about, and among all interviews on record.

Two layouts: meetings with what people linked to their turns (`claims`, `questions`), and searches told in files, whose gold feedback says
when in the interview the moments of each claim are (`feedback`).
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from agents.desk import organisation_of
from alignment.errors import BadRequest
from corpus.folders import read_search_folder
from evals.case import Batch, Case, Outcome
from evals.meetings import Asked, Meeting, meetings_in, take_in, tells_meetings
from evals.metrics import Metric, Ratio
from evals.running.conditions import Conditions
from evals.scorers.rankings import IN_TIME, MEASURES
from evals.sources import Sources, digest_of, read_rows
from evals.suite import Hold, Suite
from evals.suites import searches
from evals.suites.looking import SCOPES, each_looked_for, held_of

NAME = "retrieval"
GOLD = "gold/feedback.jsonl"
KINDS = {
    "claims": "claims about meetings",
    "questions": "questions about meetings",
    "feedback": "claims of feedback about an interview",
}
PLACES = {"own": "in their own record", "pooled": "among all records"}


def metrics() -> tuple[Metric, ...]:
    """Each measure for each kind and scope; hits in time for the kinds' own record; and how long finding took."""
    ranked = (
        Ratio(f"{kind}_{scope}_{measure}", f"{kind}_{scope}_{measure}", f"{kind}_{scope}_n", told=f"{told} {PLACES[scope]}: mean {measure}")
        for kind, told in KINDS.items()
        for scope in SCOPES
        for measure in MEASURES
    )
    timed = (
        Ratio(f"{kind}_{name}", f"{kind}_{name}", f"{kind}_timed", told=f"{told} with times, {PLACES['own']}: {name}, by the clock")
        for kind, told in KINDS.items()
        for name in IN_TIME
    )
    took = (
        Ratio(f"{scope}_ms", f"{scope}_ms", "asked", "less", f"milliseconds to find {PLACES[scope]}, a case; pooled pays for embedding")
        for scope in SCOPES
    )
    return (*ranked, *timed, *took)


def batches(sources: Sources, seed: int) -> list[Batch]:
    """All meetings of a folder in one batch, being pooled; and a batch for each search that has gold feedback."""
    meetings = [_meetings(found) for root in sources.roots if (found := _folder(root))]
    return [b for b in (*meetings, *map(_search, sources.searches(GOLD))) if b.cases]


def _folder(root: Path) -> Path | None:
    """Where a root's meetings are: those held out where they stand apart, never those that weights were learned from."""
    named = (root / "moments" / "val", root / "val", root / "moments", root / NAME)
    return next((p for p in named if any(p.glob("*.json"))), root if tells_meetings(root) else None)


def _meetings(folder: Path) -> Batch:
    cases = tuple(_case(m, a) for m in meetings_in(folder) for a in m.asked)
    return Batch("retrieval_meetings", folder, digest_of([folder]), cases)


def _case(meeting: Meeting, asked: Asked) -> Case:
    return Case(
        suite=NAME,
        id=asked.id if asked.id.startswith(meeting.name) else f"{meeting.name}/{asked.id}",
        group=meeting.name,
        slices={
            "kind": asked.kind,
            "times": "told" if asked.spans else "not told",
            **({"domain": meeting.domain} if meeting.domain else {}),
        },
        given={"id": asked.id, "interview": meeting.name, "text": asked.text},
        expected={"turns": sorted(asked.relevant), "spans": [list(s) for s in asked.spans]},
    )


def _search(path: Path) -> Batch:
    about = {row.id: row.interview for row in read_search_folder(path).feedback}
    return Batch(searches.KIND, path, digest_of([path]), tuple(_claims(path, about)))


def _claims(path: Path, about: dict[str, str]) -> Iterator[Case]:
    for number, row in read_rows(path / GOLD):
        try:
            interview = about[row["id"]]
            asked = [(n, c["span"], [[float(a), float(b)] for a, b in c["moments"]]) for n, c in enumerate(row["claims"], 1)]
        except (KeyError, TypeError, ValueError) as e:
            raise BadRequest(f"That is no gold feedback: {type(e).__name__} {e}", where=f"{path / GOLD}, line {number}") from e
        for n, text, moments in asked:
            if moments:
                yield Case(
                    suite=NAME,
                    id=f"{path.name}/{row['id']}/{n}",
                    group=path.name,
                    slices={"kind": "feedback", "times": "told"},
                    given={"id": row["id"], "interview": interview, "text": text},
                    expected={"spans": moments},
                )


async def hold_meetings(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """Every case asked of all meetings of the folder and of its own."""
    meetings = meetings_in(batch.source)
    async with given.workbench() as bench:
        ids = await take_in(bench, meetings)
        held = await held_of(bench, (await organisation_of(bench)).id, ids)
        async for outcome in each_looked_for(held, batch.cases, given):
            yield outcome


SUITE = Suite(
    NAME,
    "claims and questions to the turns that bear on them, in their own record and among all of them",
    metrics(),
    batches,
)
HOLDS: dict[str, Hold] = {"retrieval_meetings": hold_meetings, searches.KIND: searches.hold}
