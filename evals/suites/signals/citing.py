"""Texts as verified citations, for signals that hold a text against what is cited."""

from collections.abc import Sequence
from typing import Final

from alignment.citation import Citation, Quote
from alignment.record import InterviewId, OrganisationId, TranscriptId
from alignment.transcript import Speaker, Transcript, Utterance
from retrieval.verify import verify
from retrieval.words import keys

VOICE: Final = "record"


def cited(texts: Sequence[str]) -> tuple[Citation, ...]:
    """These texts as citations of a record in which one voice says them in a row."""
    said = tuple(Utterance(index=i, speaker=VOICE, text=t) for i, t in enumerate(t for t in texts if keys(t)))
    record = Transcript(
        id=TranscriptId("trn"),
        organisation=OrganisationId("org"),
        interview=InterviewId("int"),
        source_format="eval",
        source_digest="",
        speakers=(Speaker(label=VOICE),),
        utterances=said,
    )
    return tuple(verify(Quote(interview=record.interview, text=u.text, speaker=VOICE, utterances=(u.index,)), record) for u in said)
