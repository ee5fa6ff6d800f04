"""The transcript: who said what in one interview, in order, with times where the source had them."""

from bisect import bisect_right
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from alignment.people import Role
from alignment.record import InterviewId, OrganisationId, PersonId, Record, TranscriptId, digest

Mark = tuple[int, float, float]
"""(character offset, start_s, end_s): from this offset on, the words were said in this stretch of time."""

Doubt = tuple[int, int, float]
"""(start, end, probability): a word between these characters that a speech model was not sure of, and how probable it held it to be."""


_UNHEARD = frozenset({"confidence", "doubts"})
_UNWEIGHED = frozenset({"attribution"})


class Certainty(StrEnum):
    """How we know who a speaker label stands for."""

    GIVEN = "given"  # a person said so
    NAMED = "named"  # the label is the name of exactly one person of the search
    UNMAPPED = "unmapped"  # nobody knows: cited by the label, never by a name or a role


class Speaker(Record):
    """A label as it stands in the file, and the person and role it stands for where that is known."""

    label: str
    person: PersonId | None = None
    name: str = ""
    role: Role | None = None
    certainty: Certainty = Certainty.UNMAPPED

    @model_validator(mode="after")
    def _unmapped_has_no_name(self) -> Self:
        if self.certainty is Certainty.UNMAPPED and (self.person or self.role or self.name):
            raise ValueError(f"speaker {self.label!r} is unmapped and so has neither person, name nor role")
        return self

    @property
    def spoken(self) -> str:
        """The name where the label is mapped, else the label itself in inverted commas."""
        return self.name or self.label if self.certainty is not Certainty.UNMAPPED else f"“{self.label}”"


class Utterance(Record):
    """What one speaker says in a row; `index` counts from 0, times are seconds or None.

    `confidence` is the mean probability of its words where a speech model heard them, and `doubts` are those that it was not sure of.
    `attribution` is how sure it is that the speaker said them, where a machine told the voices in one channel apart.
    """

    index: int = Field(ge=0)
    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    marks: tuple[Mark, ...] = ()
    confidence: float | None = Field(default=None, ge=0, le=1)
    doubts: tuple[Doubt, ...] = ()
    attribution: float | None = Field(default=None, ge=0, le=1)

    @property
    def id(self) -> str:
        """The short label that models and people see: u0, u1 …"""
        return f"u{self.index}"

    def doubted(self, start: int, end: int) -> tuple[str, ...]:
        """The words within the characters [start, end) that were not heard clearly, each once."""
        return tuple(dict.fromkeys(self.text[a:b] for a, b, _ in self.doubts if a < end and b > start))

    def time_at(self, start: int, end: int) -> tuple[float, float] | None:
        """When the characters [start, end) were said, in seconds, from the marks; None where untimed.

        Between two marks time is shared out by characters, as speech at an even pace would be.
        """
        if self.start_s is None or self.end_s is None:
            return None
        marks = self.marks or ((0, self.start_s, self.end_s),)
        begin, _ = self._instant(marks, start)
        _, finish = self._instant(marks, max(start, end - 1), end)
        return round(begin, 3), round(max(begin, finish), 3)

    def _instant(self, marks: tuple[Mark, ...], at: int, upto: int | None = None) -> tuple[float, float]:
        i = max(0, bisect_right(marks, at, key=lambda m: m[0]) - 1)
        offset, start_s, end_s = marks[i]
        stop = marks[i + 1][0] if i + 1 < len(marks) else len(self.text)
        pace = (end_s - start_s) / max(1, stop - offset)
        return start_s + (at - offset) * pace, start_s + (min(upto or at + 1, stop) - offset) * pace


class Transcript(Record):
    """One version of an interview's text; correcting a speaker or a word makes the next version."""

    id: TranscriptId
    organisation: OrganisationId
    interview: InterviewId
    version: int = 1
    source_format: str
    source_digest: str
    speakers: tuple[Speaker, ...]
    utterances: tuple[Utterance, ...]
    reason: str = ""

    @model_validator(mode="after")
    def _indexes_and_labels_agree(self) -> Self:
        labels = {s.label for s in self.speakers}
        if len(labels) != len(self.speakers):
            raise ValueError("a speaker label stands twice")
        for i, u in enumerate(self.utterances):
            if u.index != i:
                raise ValueError(f"utterance {i} carries index {u.index}")
            if u.speaker not in labels:
                raise ValueError(f"utterance {i} is by {u.speaker!r}, who is not among the speakers")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 over everything a citation rests on: speakers, words, times, version."""
        rows = [u.model_dump_json(exclude=_unasked(u)) for u in self.utterances]
        return digest(self.interview, str(self.version), *[s.model_dump_json() for s in self.speakers], *rows)

    @property
    def timed(self) -> bool:
        """Whether every utterance has its times."""
        return all(u.start_s is not None for u in self.utterances)

    def speaker(self, label: str) -> Speaker:
        """The speaker behind a label; KeyError for a label that is not in this transcript."""
        for s in self.speakers:
            if s.label == label:
                return s
        raise KeyError(label)

    def role_of(self, utterance: Utterance) -> Role | None:
        """The role of whoever says it, or None where the label is unmapped."""
        return self.speaker(utterance.speaker).role


def _unasked(u: Utterance) -> set[str]:
    """What no machine was asked about: the digest of what was on record before machines were asked stays as it was."""
    return {*(_UNHEARD if u.confidence is None else ()), *(_UNWEIGHED if u.attribution is None else ())}


def minute_of(start_s: float | None) -> int | None:
    """The minute as a player's clock shows it: 22:15 is minute 22; None where untimed."""
    return None if start_s is None else int(start_s // 60)


def clock(start_s: float) -> str:
    """Seconds as people read them off a player: 75.3 is 1:15, 3675 is 1:01:15."""
    whole = int(start_s)
    hours, minutes, seconds = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
