"""Words somebody claims were said, and words that a machine has found in the record."""

from alignment.record import InterviewId, PersonId, Record, TranscriptId

SURELY = 0.9
"""Below this a reader is told how sure it is who spoke: some of the words were not that speaker's at every bar (docs/evaluation.md)."""


class Quote(Record):
    """What anybody (a rule, a model, a person) claims was said; nothing may be asserted on it.

    `speaker` is the label in the file or the name of a mapped person. `utterances` are indexes that narrow the place, `start_s` and
    `end_s` a claimed time; each that is given must agree with the record.
    """

    interview: InterviewId
    text: str
    speaker: str
    utterances: tuple[int, ...] = ()
    start_s: float | None = None
    end_s: float | None = None


class Citation(Record):
    """A quote that `retrieval/verify.py` found verbatim in one version of one transcript.

    `text` is the record's own wording. `first` and `last` are utterance indexes; `start_char` counts within the first and `end_char`
    (exclusive) within the last. Times are seconds from the record, None where the transcript has none. `name` and `role` are empty
    where the speaker's label could not be mapped. `unsure` are words of it that a speech model was not sure to have heard, and
    `attribution` is how sure the least sure of its utterances is to be this speaker's, 0 to 1, where a machine told speakers apart.
    """

    interview: InterviewId
    transcript: TranscriptId
    transcript_version: int
    transcript_digest: str
    speaker: str
    person: PersonId | None = None
    name: str = ""
    role: str = ""
    first: int
    last: int
    start_char: int
    end_char: int
    start_s: float | None = None
    end_s: float | None = None
    text: str
    unsure: tuple[str, ...] = ()
    attribution: float | None = None

    @property
    def spoken(self) -> str:
        """Who said it, as a reader may be told: the name where it is known, else the label."""
        return self.name or f"“{self.speaker}”"

    @property
    def doubt(self) -> str:
        """What a reader is told beside where it was said: words not heard clearly, and how sure it is who spoke where that is less."""
        told = [f"not heard clearly: {', '.join(self.unsure)}"] if self.unsure else []
        if self.attribution is not None and self.attribution < SURELY:
            told.append(f"who spoke: {int(100 * self.attribution)}% sure")
        return f" ({'; '.join(told)})" if told else ""
