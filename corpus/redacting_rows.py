"""The rows that a redaction reaches: transcripts without what is struck out, what repeats it, and recordings in which it is silent."""

from collections.abc import Sequence

from sqlalchemy import Table, and_, delete, insert, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.capture import Recording
from alignment.citation import Citation
from alignment.erasing import Plan, Redacted
from alignment.record import OrganisationId, TranscriptId, derived_id
from alignment.redaction import MARK, repeats, struck_words, without
from alignment.transcript import Transcript
from corpus.rows import SPEAKERS, UTTERANCES, citations_from_text, transcript_from_row, transcript_to_row
from corpus.store_connections import of
from corpus.store_interviews import load_interview
from corpus.store_transcripts import tell_ingested
from corpus.tables import answers, injections, interviews, open_questions, set_aside, shapings, statements, transcripts
from corpus.tables_captures import captures, recordings, redacted_recordings

_TOLD: dict[Table, tuple[str, ...]] = {
    statements: ("text", "judged"),
    open_questions: ("text", "judged"),
    set_aside: ("why",),
    answers: ("text",),
    injections: ("words",),
}
_CITED: dict[Table, str] = {statements: "citations", open_questions: "moments", injections: "moment"}


async def strike_rows(tx: AsyncConnection, organisation: OrganisationId, plan: Plan, parts: Redacted, reason: str) -> dict[str, int]:
    """Every version of the transcript without what is struck out, the next one made of the newest, and no shaping that repeats any of it.

    An older version whose words are others' is emptied: nobody can say where in it the same was said.
    """
    interview = plan.interviews[0]
    rows = (await tx.execute(of(transcripts, organisation, interview=interview).order_by(transcripts.c.version))).mappings().all()
    versions = [transcript_from_row(row) for row in rows]
    base = versions[-1]
    runs = struck_words(base, parts.struck)
    touched = await _touched(tx, organisation, plan, parts, versions)
    counts = {"feedback_to_shape": len(await _without_last(tx, organisation, plan, touched)), "utterances": _many(parts)}
    counts["shapings"] = await _forget(tx, organisation, touched)
    counts["transcripts"] = len(versions)
    for version in versions:
        left = without(version, parts.struck) if _same(version, base) else version.model_copy(update={"utterances": (), "speakers": ()})
        words = {"speakers": SPEAKERS.dump_json(left.speakers).decode(), "utterances": UTTERANCES.dump_json(left.utterances).decode()}
        words["reason"] = MARK if repeats(version.reason, runs) else version.reason
        here = and_(transcripts.c.organisation == organisation, transcripts.c.id == version.id)
        await tx.execute(update(transcripts).where(here).values(**words))
    id = TranscriptId(derived_id("trn", interview, str(base.version + 1)))
    made = without(base, parts.struck).model_copy(update={"id": id, "version": base.version + 1, "reason": f"redacted: {reason}"})
    await tx.execute(insert(transcripts).values(imported=False, **transcript_to_row(made)))
    await tell_ingested(tx, await load_interview(tx, organisation, interview), made)
    return counts


async def put_silenced(tx: AsyncConnection, organisation: OrganisationId, plan: Plan, silenced: Recording | None) -> dict[str, int]:
    """The recording with silences in the place of the interview's recordings, which are known from now on as redacted."""
    interview = plan.interviews[0]
    if (await tx.execute(of(interviews, organisation, id=interview))).first() is None:
        return {}  # it was erased meanwhile
    held = (await tx.execute(of(recordings, organisation, interview=interview))).mappings().all()
    # What is silent then already stays as it is.
    gone = [digest for digest in plan.digests if silenced is None or digest != silenced.digest]
    old = [row for row in held if row["digest"] in gone]
    heard = of(captures, organisation, interview=interview).where(captures.c.digest.in_(plan.digests))
    counts = {"recordings": len(old), "captures": len((await tx.execute(heard)).all())}
    for row in old:
        known = of(redacted_recordings, organisation, interview=interview, digest=row["digest"])
        if (await tx.execute(known)).first() is None:
            values = {"organisation": organisation, "interview": interview, "digest": row["digest"], "at": row["at"]}
            await tx.execute(insert(redacted_recordings).values(values))
    if silenced is not None and silenced.digest not in {row["digest"] for row in held}:
        await tx.execute(insert(recordings).values(**dict(silenced)))
    here = and_(recordings.c.organisation == organisation, recordings.c.interview == interview, recordings.c.digest.in_(gone))
    await tx.execute(delete(recordings).where(here))
    heard_of = and_(captures.c.organisation == organisation, captures.c.interview == interview, captures.c.digest.in_(plan.digests))
    await tx.execute(delete(captures).where(heard_of))
    return counts


def _many(parts: Redacted) -> int:
    return len({s.utterance for s in parts.struck})


def _same(one: Transcript, other: Transcript) -> bool:
    return [u.text for u in one.utterances] == [u.text for u in other.utterances]


async def _touched(
    tx: AsyncConnection, organisation: OrganisationId, plan: Plan, parts: Redacted, versions: Sequence[Transcript]
) -> set[tuple[str, int]]:
    """The shapings that cite or repeat what is struck out, or cite a version of which nobody can say whether they do."""
    base, runs = versions[-1], struck_words(versions[-1], parts.struck)
    same = {v.version for v in versions if _same(v, base)}
    shaped = of(shapings, organisation).where(shapings.c.feedback.in_((*plan.feedback, *plan.citing)))
    keys = [(row["thread"], row["turn"]) for row in (await tx.execute(shaped)).mappings()]
    found: set[tuple[str, int]] = set()
    for table, columns in _TOLD.items():
        query = of(table, organisation).where(tuple_(table.c.thread, table.c.turn).in_(keys))
        for row in (await tx.execute(query)).mappings() if keys else ():
            citations = citations_from_text(row[_CITED[table]] or "[]") if table in _CITED else ()
            cited = any(_cites(c, base, parts, same) or repeats(c.text, runs) for c in citations)
            if cited or any(repeats(row[name] or "", runs) for name in columns):
                found.add((row["thread"], row["turn"]))
    return found


def _cites(citation: Citation, base: Transcript, parts: Redacted, same: set[int]) -> bool:
    if citation.interview != base.interview:
        return False
    cited = base.utterances[citation.first : citation.last + 1] if citation.transcript_version in same else ()
    # Where something was struck out of it before, the places in it are not those that were cited.
    if not cited or (citation.transcript_version != base.version and any(MARK in u.text for u in cited)):
        return True
    first, last = (citation.first, citation.start_char), (citation.last, citation.end_char)
    return any((s.utterance, s.start) < last and (s.utterance, s.end) > first for s in parts.struck)


async def _without_last(tx: AsyncConnection, organisation: OrganisationId, plan: Plan, touched: set[tuple[str, int]]) -> set[str]:
    """The feedback whose last shaping is touched: all of its shapings go, so that none of before comes to hold again."""
    last: dict[str, tuple[str, int]] = {}
    every: dict[str, set[tuple[str, int]]] = {}
    shaped = of(shapings, organisation).where(shapings.c.feedback.in_((*plan.feedback, *plan.citing))).order_by(shapings.c.number)
    for row in (await tx.execute(shaped)).mappings():
        last[row["feedback"]] = (row["thread"], row["turn"])
        every.setdefault(row["feedback"], set()).add(last[row["feedback"]])
    anew = {feedback for feedback, key in last.items() if key in touched}
    touched.update(key for feedback in anew for key in every[feedback])
    return anew


async def _forget(tx: AsyncConnection, organisation: OrganisationId, touched: set[tuple[str, int]]) -> int:
    here = and_(shapings.c.organisation == organisation, tuple_(shapings.c.thread, shapings.c.turn).in_(sorted(touched)))
    if touched:
        await tx.execute(delete(shapings).where(here))
    return len(touched)
