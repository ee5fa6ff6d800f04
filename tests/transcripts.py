"""Transcripts for tests that need no store."""

from alignment.record import InterviewId, OrganisationId, TranscriptId
from alignment.transcript import Speaker, Transcript, Utterance


def transcript(*utterances: Utterance) -> Transcript:
    """A recording's, of these utterances; its speakers are those who say them, unmapped."""
    return Transcript(
        id=TranscriptId("t"),
        organisation=OrganisationId("o"),
        interview=InterviewId("i"),
        source_format="recording",
        source_digest="d",
        speakers=tuple(Speaker(label=label) for label in dict.fromkeys(u.speaker for u in utterances)),
        utterances=utterances,
    )


def spoken(index: int, text: str, start_s: float, speaker: str) -> Utterance:
    """One word a second, each heard for nine tenths of it."""
    marks, at = [], 0
    for n, word in enumerate(text.split(" ")):
        marks.append((at, start_s + n, start_s + n + 0.9))
        at += len(word) + 1
    return Utterance(index=index, speaker=speaker, text=text, start_s=start_s, end_s=start_s + len(marks), marks=tuple(marks))
