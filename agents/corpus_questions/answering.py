"""A question to the whole corpus, from its words to exact counts with moments that show them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from agents.corpus_questions.counting import Row, count
from agents.corpus_questions.evidence import IN_ALL, SHOWN, moments_of
from agents.corpus_questions.groups import Group, groups_of, named
from agents.corpus_questions.keeping import keep
from agents.corpus_questions.measures import COUNTED, Counted
from agents.corpus_questions.reach import Reach, narrowed
from agents.corpus_questions.reading import CorpusAsk, read
from agents.corpus_questions.scope import Scoped, scope_of, undated
from agents.corpus_questions.showing import shown
from agents.indexing import Progress
from agents.workbench import Workbench
from alignment.corpus_answer import FEWEST, CorpusAnswer, CorpusRow, Grouping, Measure
from alignment.errors import Refused
from alignment.record import OrganisationId
from retrieval.index import CellScope

LONGEST = 2000
ROWS = 12
NAMED = 24
_OF_CRITERIA = (Grouping.COMPETENCY, Grouping.LINE, Grouping.PROBING)
CANNOT = (
    "That is for people to decide, or nothing that this record holds: candidates are not ranked or compared, grades are not added up, "
    "nothing is predicted, and nothing is told by who a person is. Ask where candidates fall short or do well, which criteria get clean "
    "reads, what is asked and not asked, where panels split, what the record does not bear out, how interviewers are calibrated, or for "
    "moments."
)
UNCLEAR = (
    "It is not clear what to count. Ask for instance: where do candidates for a role family lose us on must-haves; which competencies get "
    "clean reads this quarter; which criteria are never asked about; where do panels split; whose grades are harsher than the evidence; or "
    "show three different candidates who described something."
)


async def answer(
    bench: Workbench, organisation: OrganisationId, question: str, today: date, *, progress: Progress | None = None
) -> CorpusAnswer:
    """The answer to a question over all of the organisation's searches, as the store holds them now.

    Whatever changed since the last question is read again first. Errors: Refused for an empty or endless question.
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not words or len(words) > LONGEST:
        raise Refused(f"A question has 1 to {LONGEST} characters, and this has {len(words)}", todo="Ask it in a sentence or two.")
    await keep(bench, organisation, progress)
    reach = Reach(bench, organisation)
    people = await reach.store.interviewers(organisation)
    families = sorted(f for f in await reach.values(CellScope(organisation), "family") if f)
    ask = read(words, today, families, sorted({p.name for p in people}))
    if ask.measure in (Measure.CANNOT, Measure.UNCLEAR):
        return CorpusAnswer(question=words, measure=ask.measure, note=CANNOT if ask.measure is Measure.CANNOT else UNCLEAR)
    if ask.unread:
        return CorpusAnswer(question=words, measure=Measure.UNCLEAR, note=_unread(ask.unread, families))
    counted = COUNTED.get(ask.measure)
    whole = ask.measure is Measure.MOMENTS or (counted is not None and counted.whole)
    scoped = await scope_of(reach, ask, people, whole=whole)
    told = await _told(reach, words, ask, scoped)
    if scoped.unknown:
        return told.model_copy(update={"note": f"No criterion in that scope speaks of “{scoped.unknown}”, so nothing was counted."})
    if counted is None:
        return await _moments(reach, ask, scoped, told)
    return await _rows(reach, ask, counted, scoped.cells, told)


def _unread(words: str, families: Sequence[str]) -> str:
    known = f" Role families on record: {', '.join(families[:NAMED])}." if families else ""
    return f"“{words}” is no time and no role family that is understood here, so nothing was counted.{known}"


async def _told(reach: Reach, question: str, ask: CorpusAsk, scoped: Scoped) -> CorpusAnswer:
    scope = scoped.cells
    without = undated(scope)
    counted = COUNTED.get(ask.measure)
    return CorpusAnswer(
        question=question,
        measure=ask.measure,
        counted=counted.told if counted else f"what candidates said about “{ask.theme}”",
        scope=scoped.told,
        period=ask.period.told if ask.period else "all time",
        interviews=await reach.how_many(scope, "interview"),
        candidates=await reach.how_many(scope, "candidate"),
        searches=await reach.how_many(scope, "search"),
        undated=await reach.how_many(without, "interview") if ask.period else 0,
        waiting=await reach.how_many(scope, "interview", flags=("open",)),
    )


async def _moments(reach: Reach, ask: CorpusAsk, scoped: Scoped, told: CorpusAnswer) -> CorpusAnswer:
    if not ask.theme:
        return told.model_copy(update={"note": "That names nothing to look for: say what candidates should have spoken of."})
    narrow = bool(scoped.cells.having) or ask.period is not None
    rows = await shown(reach, ask, scoped.cells, narrow=narrow)
    note = "" if len(rows) >= ask.many else _fewer(len(rows), ask.many)
    return told.model_copy(update={"rows": tuple(rows), "note": note})


def _fewer(found: int, many: int) -> str:
    if not found:
        return "The record does not hold that, as far as could be found."
    who = "candidate speaks" if found == 1 else "candidates speak"
    return f"{found} {who} of it, as far as could be found, and {many} were asked for."


async def _rows(reach: Reach, ask: CorpusAsk, counted: Counted, scope: CellScope, told: CorpusAnswer) -> CorpusAnswer:
    groupings = tuple(g for g in ask.groups if not (counted.whole and g in _OF_CRITERIA))
    scope = replace(scope, lacking={"flags": ("open",)}) if counted.closed else scope
    found = [row for g in await groups_of(reach, groupings, scope) if (row := await count(reach, ask.measure, counted, g, scope))]
    enough = sorted((r for r in found if r.enough), key=lambda r: (r.order, -r.row.of, sorted(r.group.having.items())))
    few = [r for r in found if not r.enough]
    everything = (
        await count(reach, ask.measure, counted, Group({}), scope) if groupings and ask.measure is not Measure.CALIBRATION else None
    )
    most = min(SHOWN, IN_ALL // max(1, min(len(enough), ROWS)))
    return told.model_copy(
        update={
            "total": everything.row.model_copy(update={"group": "all together"}) if everything and everything.enough else None,
            "rows": tuple([await _row(reach, r, counted, scope, most) for r in enough[:ROWS]]),
            "more": max(0, len(enough) - ROWS),
            "too_few": tuple([await named(reach, r.group, scope) for r in few[:NAMED]]),
            "note": "" if enough else _nothing(few, ask.measure),
        }
    )


def _nothing(few: Sequence[Row], measure: Measure) -> str:
    if few:
        return "Too few interviews to say." if measure is not Measure.CALIBRATION else "Too few interviews to set anybody beside others."
    least = "" if measure is Measure.COUNTS else f"; at least {FEWEST} interviews are needed"
    return f"There is nothing on record in that scope to count{least}."


async def _row(reach: Reach, r: Row, counted: Counted, scope: CellScope, most: int) -> CorpusRow:
    cited = await moments_of(reach, counted, narrowed(scope, r.group.having), most) if r.row.so is None or r.row.so else ()
    return r.row.model_copy(update={"group": await named(reach, r.group, scope), "citations": cited})
