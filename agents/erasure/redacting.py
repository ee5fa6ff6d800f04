"""Parts of an interview struck out: what that would reach, the plan of it, and carrying it out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agents.desk import interview_called
from agents.erasure.asking import Asked, must_not_name
from agents.erasure.carrying_out import carry_out
from agents.erasure.conversations import intakes_repeating
from agents.erasure.silencing import recordings_of
from agents.workbench import Workbench
from alignment.capture import Recording
from alignment.erasing import Erasure, ErasureId, ErasureKind, Redacted, Span
from alignment.errors import BadRequest, NotFound
from alignment.people import Interview, Search
from alignment.record import Record, new_id
from alignment.redaction import Parts, repeats, silences, strike, struck_words
from alignment.transcript import Transcript
from corpus.recordings import LONGEST_S

if TYPE_CHECKING:
    from agents.captures import Jobs


class StruckLine(Record):
    """What would be struck out of one utterance: who says it, when, and the words."""

    utterance: str
    speaker: str
    start_s: float | None
    end_s: float | None
    text: str


class Reach(Record):
    """What a redaction would reach: words, when the recording falls silent, and how many recordings go since nobody knows where in them.

    `held_elsewhere` is how many other interviews have one of these recordings, each its own: it stays there as it is.
    """

    struck: tuple[StruckLine, ...]
    silent: tuple[Span, ...]
    recordings_erased: int
    held_elsewhere: int = 0


@dataclass(frozen=True)
class _Aim:
    interview: Interview
    transcript: Transcript | None
    parts: Redacted
    recordings: tuple[Recording, ...]


async def reach_of(bench: Workbench, search: Search, name: str, parts: Parts) -> Reach:
    """What striking out these parts would reach; nothing is changed. Errors as in `redact`."""
    aim = await _aim(bench, search, name, parts)
    lines: list[StruckLine] = []
    for s in aim.parts.struck if aim.transcript else ():
        assert aim.transcript is not None, "there are no characters without a transcript"
        said = aim.transcript.utterances[s.utterance]
        start_s, end_s = said.time_at(s.start, s.end) or (None, None)
        speaker = aim.transcript.speaker(said.speaker).spoken
        lines.append(StruckLine(utterance=said.id, speaker=speaker, start_s=start_s, end_s=end_s, text=said.text[s.start : s.end].strip()))
    silent = aim.parts.silent if aim.parts.recording else ()
    gone = len(aim.recordings) - bool(aim.parts.recording)
    holders = {i for r in aim.recordings for i in await bench.store.recording_holders(search.organisation, r.digest)}
    return Reach(struck=tuple(lines), silent=silent, recordings_erased=gone, held_elsewhere=len(holders - {aim.interview.id}))


async def redact(bench: Workbench, search: Search, name: str, parts: Parts, asked: Asked, *, jobs: "Jobs | None" = None) -> Erasure:
    """Strike the parts out of every store; the receipt. What follows from them elsewhere goes as with an erasure, the rest stays.

    Errors: NotFound, OnHold, Conflict while the interview is heard, erased or corrected, BadRequest for parts that name nothing or for a
    reason that tells what is struck out or of whom, StoreDown, IndexDown, MediaDown.
    """
    aim = await _aim(bench, search, name, parts)
    must_not_name(asked, aim.interview.candidate)
    runs = struck_words(aim.transcript, aim.parts.struck) if aim.transcript else frozenset()
    if repeats(asked.reason, runs):
        raise BadRequest(
            "The reason repeats what is struck out, and stays on record", where="reason", todo="Name a case or a rule instead."
        )
    wanted = Erasure(
        id=ErasureId(new_id("ers")),
        organisation=search.organisation,
        kind=ErasureKind.REDACTION,
        subject=aim.interview.id,
        interviews=(aim.interview.id,),
        by=asked.by,
        reason=asked.reason,
        at=datetime.now(UTC),
    )
    intakes = await intakes_repeating(bench, search, runs)
    planned = await bench.store.add_redaction(search.organisation, wanted, aim.parts, intakes=intakes)
    return await carry_out(bench, search.organisation, planned.id, jobs=jobs, but=asked.request)


async def _aim(bench: Workbench, search: Search, name: str, parts: Parts) -> _Aim:
    interview = await interview_called(bench, search, name)
    transcript = await _newest(bench, interview)
    recordings = await recordings_of(bench, interview.organisation, interview.id)
    if not (parts.times or parts.utterances or parts.words):
        raise BadRequest("Nothing is named that is to be struck out", where=name, todo="Name a time, utterances or words.")
    if any(not 0 <= start_s < end_s <= LONGEST_S for start_s, end_s in parts.times):
        raise BadRequest("A part begins before it ends, within four hours", where="times", todo="Times are seconds.")
    if transcript is None and (not recordings or parts.utterances or parts.words):
        raise NotFound(f"The interview {name} has no transcript", todo="Capture or ingest it first; of a recording alone name a time.")
    timed = transcript is None or transcript.timed
    struck = strike(transcript, parts, name) if transcript else ()
    kept = await _kept(bench, recordings, transcript, parts) if timed else None
    silent = silences(transcript, struck, parts.times) if transcript else tuple(sorted(parts.times))
    if not struck and not (kept and silent):
        raise NotFound("Nothing is said there, or it is struck out already", where=name, todo="Look at the transcript.")
    made = Redacted(version=transcript.version if transcript else 0, struck=struck, silent=silent, recording=kept.digest if kept else "")
    return _Aim(interview, transcript, made, recordings)


async def _kept(bench: Workbench, recordings: tuple[Recording, ...], transcript: Transcript | None, parts: Parts) -> Recording | None:
    """The recording in which it is known when the parts are said: the one that the transcript was heard from, or the only one at a time."""
    source = transcript.source_digest if transcript else ""
    if own := next((r for r in recordings if r.digest == source), None):
        return own
    if len(recordings) != 1:
        return None
    (one,) = recordings
    silenced = transcript is not None and await bench.store.is_redacted(one.organisation, one.interview, source)
    return one if silenced or not (parts.utterances or parts.words) else None


async def _newest(bench: Workbench, interview: Interview) -> Transcript | None:
    try:
        return await bench.store.transcript(interview.organisation, interview.id)
    except NotFound:
        return None
