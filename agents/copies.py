"""A person's copy: everything that is held about one person, across searches, as one archive that needs nothing else to be read."""

import asyncio
import json
import os
import zipfile
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from pydantic import BaseModel

from agents.checkpoints import threads_under
from agents.workbench import Workbench
from alignment.errors import Conflict, MediaDown, NotFound
from alignment.people import Interview, Person, Search
from alignment.record import OrganisationId, PersonId
from alignment.transcript import Transcript, clock
from corpus.tracks import read_written, turns_of

Entry = tuple[str, bytes | Path]
"""A file of the archive: its name in it, and its bytes or where they lie."""

ABOUT = """What is held about {name}, as of {at} (Plumbline {version}).

person.json               the name, the id, and the part played in each search
SEARCH/INTERVIEW/         an interview of theirs: consent, every version of the transcript (JSON, and text to read), the recordings,
                          the feedback with all that was made of it, the scorecards, the captures with speaker tracks that wait
SEARCH/conversations.jsonl  what colleagues asked about them, and what was answered
SEARCH/said.jsonl         where they spoke in somebody else's interview: their own words alone
SEARCH/wrote.jsonl        feedback that they wrote, and their scorecards
erasures.json             receipts of what was erased of theirs

It holds words and names of other people, too. Whoever hands it over sees to it that their rights are kept.
Nothing is judged in it by a machine: statements rest on the cited words, and were accepted or edited by the interviewer named.
"""


async def copy_of(bench: Workbench, organisation: OrganisationId, named: str, out: Path) -> dict[str, int]:
    """Write the archive, whole or not at all, readable by its owner alone; how many files of each kind it holds.

    NotFound for somebody nobody knows, Conflict where several bear the name, MediaDown where it cannot be written.
    """
    person = await person_named(bench, organisation, named)
    counts: dict[str, int] = {}
    try:
        handle, part = mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as e:
        raise MediaDown(f"The copy cannot be written: {e.strerror}", where=str(out), todo="Name a folder that can be written.") from e
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            async for name, content in _entries(bench, person):
                kind = name.rsplit("/", 1)[-1].split("-", 1)[0].split(".", 1)[0]
                counts[kind] = counts.get(kind, 0) + 1
                await asyncio.to_thread(_write, archive, name, content)
        os.replace(part, out)
    except BaseException:
        os.unlink(part)
        raise
    return counts


async def person_named(bench: Workbench, organisation: OrganisationId, named: str) -> Person:
    """The person of that name or id; NotFound, or Conflict where several bear the name."""
    found = await bench.store.people_by_name(organisation, named)
    if len(found) > 1:
        listed = ", ".join(p.id for p in found)
        raise Conflict(f"{len(found)} people are called {named}", todo=f"Say by id which of them is meant: {listed}.")
    return found[0] if found else await bench.store.person(organisation, PersonId(named))


def _write(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    if isinstance(content, Path):
        archive.write(content, name, zipfile.ZIP_STORED)  # sound is packed already
    else:
        archive.writestr(name, content)


async def _entries(bench: Workbench, person: Person) -> AsyncIterator[Entry]:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    yield "README.txt", ABOUT.format(name=person.name, at=at, version=version("plumbline")).encode()
    parts = []
    async for search in _searches(bench, person.organisation):
        roles = [role.value for p, role in await bench.store.people_of(person.organisation, search.id) if p.id == person.id]
        if roles:
            parts.append({"search": search.slug, "title": search.title, "roles": roles})
            async for entry in _of_search(bench, search, person):
                yield entry
    yield "person.json", _json({"id": person.id, "name": person.name, "searches": parts})
    receipts = [e for e in await bench.store.erasures(person.organisation) if e.subject == person.id]
    if receipts:
        yield "erasures.json", _json([e.model_dump(mode="json") for e in receipts])


async def _searches(bench: Workbench, organisation: OrganisationId) -> AsyncIterator[Search]:
    """Every search of the organisation, page after page."""
    after = ""
    while page := await bench.store.searches(organisation, after=after):
        for search in page:
            yield search
        after = page[-1].slug


async def _of_search(bench: Workbench, search: Search, person: Person) -> AsyncIterator[Entry]:
    said: list[dict[str, Any]] = []
    wrote: list[dict[str, Any]] = []
    cards = await bench.store.scorecards(search.organisation, search.id, None)
    for interview in await bench.store.interviews(search.organisation, search.id):
        theirs = interview.candidate.id == person.id
        if theirs:
            async for entry in _of_interview(bench, search, interview):
                yield entry
        else:
            said += _own_words(interview.name, (await _versions(bench, interview))[-1:], person)
        for feedback in await bench.store.feedback_of(search.organisation, interview=interview.id):
            if feedback.interviewer == person.id and not theirs:
                shapings = await bench.store.shapings(search.organisation, feedback.id)
                wrote.append({"feedback": feedback.model_dump(mode="json"), "shapings": [s.model_dump(mode="json") for s in shapings]})
    said += _own_words("intake", await bench.store.intakes(search.organisation, search.id), person)
    wrote += [{"scorecard": c.model_dump(mode="json")} for c in cards if c.interviewer == person.id]
    talks = await _conversations(bench, search, person)
    for name, rows in (("said", said), ("wrote", wrote), ("conversations", talks)):
        if rows:
            yield f"{_safe(search.slug)}/{name}.jsonl", _lines(rows)


async def _of_interview(bench: Workbench, search: Search, interview: Interview) -> AsyncIterator[Entry]:
    # Names that differ in signs alone would share a folder.
    clean = _safe(interview.name)
    folder = clean if clean == interview.name else f"{clean}-{interview.id[-8:]}"
    org, place = interview.organisation, f"{_safe(search.slug)}/{folder}"
    consents = await bench.store.consents(org, interview.id)
    yield f"{place}/interview.json", _json({**interview.model_dump(mode="json"), "consents": [c.model_dump(mode="json") for c in consents]})
    for transcript in await _versions(bench, interview):
        yield f"{place}/transcript-{transcript.version}.json", _json(transcript.model_dump(mode="json"))
        yield f"{place}/transcript-{transcript.version}.txt", _readable(transcript).encode()
    for recording in await bench.store.recordings(org, interview.id):
        yield f"{place}/recording-{recording.digest[:16]}.json", _json(recording.model_dump(mode="json"))
        try:
            sound = bench.media.path(org, recording.digest)
        except NotFound:  # a rule of retention let it go; its row says that there was one
            continue
        yield f"{place}/recording-{recording.digest[:16]}.{recording.kind.rsplit('/', 1)[-1]}", sound
    rows = []
    for feedback in await bench.store.feedback_of(org, interview=interview.id):
        shapings = await bench.store.shapings(org, feedback.id)
        rows.append({"feedback": feedback.model_dump(mode="json"), "shapings": [s.model_dump(mode="json") for s in shapings]})
    cards = [c for c in await bench.store.scorecards(org, search.id, None) if c.interview == interview.id]
    captures = await bench.store.captures(org, interview.id)
    for waiting in captures:
        if track := await bench.store.track(org, waiting.capture.id):
            yield f"{place}/track-{waiting.capture.digest[:16]}.json", _json(turns_of(read_written(track)))
    for name, records in (("scorecards", cards), ("captures", captures)):
        if records:
            yield f"{place}/{name}.jsonl", _lines(r.model_dump(mode="json") for r in records)
    if rows:
        yield f"{place}/feedback.jsonl", _lines(rows)


async def _versions(bench: Workbench, interview: Interview) -> tuple[Transcript, ...]:
    try:
        newest = await bench.store.transcript(interview.organisation, interview.id)
    except NotFound:
        return ()
    earlier = [await bench.store.transcript(interview.organisation, interview.id, n) for n in range(1, newest.version)]
    return (*earlier, newest)


def _own_words(where: str, transcripts: Iterable[Transcript], person: Person) -> list[dict[str, Any]]:
    """The person's own words in what others' conversations came to."""
    rows = []
    for transcript in transcripts:
        labels = {s.label for s in transcript.speakers if s.person == person.id}
        rows += [{"interview": where, **u.model_dump(mode="json")} for u in transcript.utterances if u.speaker in labels]
    return rows


async def _conversations(bench: Workbench, search: Search, person: Person) -> list[dict[str, Any]]:
    """What colleagues asked the referee about a candidate, and what they were answered, conversation by conversation."""
    rows = []
    for thread in await threads_under(bench.checkpointer, f"room:{search.organisation}:{search.id}:{person.id}:"):
        state = await bench.room.aget_state({"configurable": {"thread_id": thread}})
        for turn in state.values.get("turns", []):
            rows.append({"question": turn["question"], "answer": [s["text"] for s in turn["sentences"]]})
    return rows


def _readable(transcript: Transcript) -> str:
    """The transcript as people read it: time, speaker, words."""
    lines = []
    for u in transcript.utterances:
        at = f"[{clock(u.start_s)}] " if u.start_s is not None else ""
        lines.append(f"{at}{transcript.speaker(u.speaker).spoken}: {u.text}")
    return "\n".join(lines) + "\n"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _lines(rows: Iterable[dict[str, Any] | BaseModel]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _safe(name: str) -> str:
    """A name as a folder of an archive: nothing that leads out of it."""
    return "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name).strip(". ") or "_"
