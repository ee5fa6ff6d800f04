"""A capture as people and scripts are told of it: how it stands, and in the end what was heard."""

from typing import Any

from agents.workbench import Workbench
from alignment.capture import Progress
from alignment.people import Interview
from alignment.transcript import Transcript, Utterance
from corpus.heard import Heard


def told(progress: Progress, interview: Interview, done_s: float | None = None) -> dict[str, Any]:
    """How a capture stands: seconds of the recording, steps with their times, and why it failed where it did."""
    capture = progress.capture
    return {
        "capture": capture.id,
        "interview": interview.name,
        "state": progress.state.value,
        "done_s": round(progress.done_s if done_s is None else done_s, 3),
        "of_s": progress.of_s,
        "attempt": progress.attempt,
        "why": progress.why,
        "notes": progress.notes,
        "recording": capture.digest,
        "language": capture.language,
        "by": capture.by,
        "steps": [{"step": s.step.value, "at": s.at.isoformat(), "code": s.code} for s in progress.steps],
    }


async def with_words(bench: Workbench, row: dict[str, Any], interview: Interview) -> dict[str, Any]:
    """The same with the transcript as it stands now."""
    transcript = await bench.store.transcript(interview.organisation, interview.id)
    return {**row, "transcript": transcript.id, "version": transcript.version, "utterances": said(transcript)}


def said(transcript: Transcript) -> list[dict[str, Any]]:
    """Each utterance with whoever said it, as far as that is known."""
    return [_row(u, transcript.speaker(u.speaker).name or u.speaker) for u in transcript.utterances]


def heard(found: Heard) -> dict[str, Any]:
    """What was heard of a recording that is not put on record."""
    return {
        "length_s": round(found.length_s, 3),
        "language": found.language.code,
        "notes": " ".join(found.notes),
        "utterances": [_row(u, u.speaker) for u in found.parsed.utterances],
    }


def _row(u: Utterance, speaker: str) -> dict[str, Any]:
    doubts = [{"text": u.text[start:end], "start": start, "end": end, "confidence": sure} for start, end, sure in u.doubts]
    row = {"speaker": speaker, "start_s": u.start_s, "end_s": u.end_s, "text": u.text, "confidence": u.confidence}
    weighed = {"attribution": u.attribution} if u.attribution is not None else {}
    return {**row, **weighed, **({"doubts": doubts} if doubts else {})}
