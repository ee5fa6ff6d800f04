"""Transcripts and quotes for the tests of verification: Tomás the candidate, Priya the hiring manager, and a voice nobody knows."""

from typing import Any

from alignment.citation import Quote
from alignment.people import Role
from alignment.record import InterviewId, OrganisationId, PersonId, TranscriptId
from alignment.transcript import Certainty, Speaker, Transcript, Utterance

TOMAS = Speaker(label="SPEAKER_01", person=PersonId("p-tomas"), name="Tomás Rivera", role=Role.CANDIDATE, certainty=Certainty.GIVEN)
PRIYA = Speaker(label="Priya N.", person=PersonId("p-priya"), name="Priya Nair", role=Role.HIRING_MANAGER, certainty=Certainty.NAMED)
UNKNOWN = Speaker(label="SPEAKER_02")


def record(*said: tuple[Speaker, str], interview: str = "i-1", version: int = 1, timed: bool = True, **more: Any) -> Transcript:
    """A transcript of ten-second utterances; `timed=False` leaves the times out."""
    speakers = tuple(dict.fromkeys(s for s, _ in said))
    times = [(10.0 * i, 10.0 * i + 10.0) if timed else (None, None) for i in range(len(said))]
    return Transcript(
        id=TranscriptId(f"t-{interview}-{version}"),
        organisation=OrganisationId("o-1"),
        interview=InterviewId(interview),
        version=version,
        source_format="json",
        source_digest="0",
        speakers=speakers,
        utterances=tuple(
            Utterance(index=i, speaker=s.label, text=text, start_s=times[i][0], end_s=times[i][1], **more)
            for i, (s, text) in enumerate(said)
        ),
    )


def quote(text: str, speaker: str = "Tomás Rivera", interview: str = "i-1", **more: Any) -> Quote:
    return Quote(interview=InterviewId(interview), text=text, speaker=speaker, **more)
