"""Who said what, as people correct it: a label is somebody, or an utterance was another's; every citation touched is verified anew."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.corrections import correct
from agents.workbench import Workbench
from alignment.capture import OVER, Capture, Progress
from alignment.errors import BadRequest, Conflict, NotFound
from alignment.people import Interview
from alignment.record import digest
from alignment.transcript import Certainty, Transcript
from corpus.importers.parsed import UNKNOWN_SPEAKER
from corpus.retelling import retold
from corpus.speakers import map_speakers
from corpus.tracks import Track, written

NEW_LABEL_CHARS = 100


@dataclass(frozen=True)
class Corrected:
    """The transcript as it stands now, whether that is a new version, and the statements that it no longer bears out."""

    transcript: Transcript
    new: bool
    broken: tuple[str, ...]


async def attribute(
    bench: Workbench, interview: Interview, *, people: Mapping[str, str], utterances: Mapping[int, str], reason: str = "speakers corrected"
) -> Corrected:
    """Say whom labels stand for (`people`: label to name, empty for nobody) and under which label utterances stand (by index).

    The same again changes nothing. NotFound for a label, person or utterance that is not there; BadRequest for what names nothing.
    """
    newest = await bench.store.transcript(interview.organisation, interview.id)
    return await _settled(bench, interview, newest, _moved(newest, utterances), people, reason)


async def track_given(bench: Workbench, interview: Interview, track: Track, recording: str = "") -> Corrected | Progress:
    """A conference tool's speaker track: kept beside a recording that has no transcript yet, or else its transcript told anew by it.

    `recording` is the digest of the recording that it is of; without one, the recording that is being heard, or that the transcript is
    of. NotFound where there is neither recording nor transcript; else as `attribute_by_track`.
    """
    capture = await _capture_of(bench, interview, recording)
    waits = capture is not None and not await _is_read(bench, capture)
    if capture and waits and await bench.store.set_track(capture.organisation, capture.id, written(track)):
        return await bench.store.capture(capture.organisation, capture.id)
    return await attribute_by_track(bench, interview, track, capture)


async def _capture_of(bench: Workbench, interview: Interview, recording: str) -> Capture | None:
    known = await bench.store.captures(interview.organisation, interview.id)
    if recording:
        named = next((p.capture for p in known if p.capture.digest == recording), None)
        if named is None:
            raise NotFound("The interview has no such recording", where=interview.name, todo="Name the digest that its capture tells.")
        return named
    if heard := next((p.capture for p in known if p.state not in OVER), None):
        return heard
    try:
        source = (await bench.store.transcript(interview.organisation, interview.id)).source_digest
    except NotFound:
        return known[-1].capture if known else None
    return next((p.capture for p in known if p.capture.digest == source), None)


async def _is_read(bench: Workbench, capture: Capture) -> bool:
    """Whether a recording that nobody hears any more has its transcript on record: its capture may have failed after that."""
    if (await bench.store.capture(capture.organisation, capture.id)).state not in OVER:
        return False
    try:
        return (await bench.store.transcript(capture.organisation, capture.interview)).source_digest == capture.digest
    except NotFound:
        return False


async def attribute_by_track(bench: Workbench, interview: Interview, track: Track, capture: Capture | None = None) -> Corrected:
    """Say by a conference tool's speaker track who spoke when; labels that are names are mapped to people.

    Of a recording's transcript the same track again changes nothing, whatever people have corrected since. BadRequest where the transcript
    has no times, Conflict where it is of another recording, or was corrected meanwhile.
    """
    newest, mark = await bench.store.transcript(interview.organisation, interview.id), digest(written(track))
    if capture and await bench.store.track_applied(capture.organisation, capture.id) == mark:
        return Corrected(newest, False, ())
    if capture and newest.source_digest != capture.digest:
        what = "The transcript is of another recording by now, and the track is not of that one"
        raise Conflict(what, where=interview.name, todo="Give the track of that recording.")
    utterances = await asyncio.to_thread(retold, newest, track)
    moved = newest.model_copy(update={"utterances": utterances})
    done = await _settled(bench, interview, newest, moved, {}, "told apart by a speaker track")
    if capture:
        await bench.store.save_track_applied(capture.organisation, capture.id, mark)
    return done


async def _settled(
    bench: Workbench, interview: Interview, newest: Transcript, moved: Transcript, people: Mapping[str, str], reason: str
) -> Corrected:
    labels = tuple(dict.fromkeys(u.speaker for u in moved.utterances))
    if unknown := next((label for label in people if label not in labels), None):
        raise NotFound(f"No speaker is labelled “{unknown}”", where=interview.name, todo=f"The labels are: {', '.join(labels)}.")
    known = {s.label: s for s in newest.speakers}
    given: dict[str, str] = {
        label: known[label].person or "" for label in labels if label in known and known[label].certainty is Certainty.GIVEN
    }
    given |= people
    on_panel = await bench.store.people_of(interview.organisation, interview.search)
    speakers = map_speakers(labels, on_panel, {label: who for label, who in given.items() if who})
    nobody = {label for label, who in people.items() if not who}
    wanted = moved.model_copy(
        update={"speakers": tuple(s if s.label not in nobody else s.model_validate({"label": s.label}) for s in speakers)}
    )
    if (wanted.speakers, wanted.utterances) == (newest.speakers, newest.utterances):
        return Corrected(newest, False, ())
    kept, broken = await correct(bench, interview.organisation, interview, wanted, reason, of=newest.version)
    return Corrected(kept, True, broken)


def _moved(transcript: Transcript, utterances: Mapping[int, str]) -> Transcript:
    """The transcript with those utterances under other labels, which may be new ones; a person says so, and no machine's doubt stays."""
    count = len(transcript.utterances)
    for index, label in utterances.items():
        if not 0 <= index < count:
            raise NotFound(f"There is no utterance u{index}", where=transcript.interview, todo=f"They go from u0 to u{count - 1}.")
        if not label.strip() or len(label) > NEW_LABEL_CHARS or not label.isprintable():
            raise BadRequest("A label is a line of at most 100 characters", where=f"u{index}")
    changed = tuple(
        u.model_copy(update={"speaker": utterances[u.index].strip(), "attribution": None}) if u.index in utterances else u
        for u in transcript.utterances
    )
    return transcript.model_copy(update={"utterances": changed})


def told(transcript: Transcript) -> dict[str, Any]:
    """The labels of a transcript: whom each stands for, how that is known, how much it says and how it begins."""
    count = Counter(u.speaker for u in transcript.utterances)
    first = {u.speaker: u for u in reversed(transcript.utterances)}
    rows = [
        {
            "label": s.label,
            "name": s.name,
            "role": s.role.value if s.role else "",
            "certainty": s.certainty.value,
            "utterances": count[s.label],
            "begins": first[s.label].text[:100] if s.label in first else "",
            "nobody": s.label == UNKNOWN_SPEAKER,
        }
        for s in transcript.speakers
    ]
    return {"transcript": transcript.id, "version": transcript.version, "speakers": rows}
