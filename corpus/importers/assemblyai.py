"""AssemblyAI JSON: utterances and words with speakers A, B, C and times in whole milliseconds."""

from typing import Annotated, Any

from pydantic import Field

from corpus.importers.json_text import Sent, in_order, validate
from corpus.importers.parsed import LONGEST_S, Piece, clean, refusal
from corpus.importers.words import Spoken, marks_in, runs

Milliseconds = Annotated[int, Field(ge=0, le=int(LONGEST_S * 1000))]
_OWN_FIELDS = frozenset({"audio_url", "audio_duration", "acoustic_model", "language_model", "speech_model", "words", "webhook_status_code"})


class _Word(Sent):
    text: str = ""
    start: float | None = None
    end: float | None = None
    speaker: str | None = None


class _Utterance(Sent):
    text: str
    start: Milliseconds | None = None
    end: Milliseconds | None = None
    speaker: str | None = None
    words: tuple[_Word, ...] | None = None


class _Transcript(Sent):
    text: str | None = None
    utterances: tuple[_Utterance, ...] | None = None
    words: tuple[_Word, ...] | None = None


def is_assemblyai(value: Any) -> bool:
    """Whether the JSON is an object with AssemblyAI's own fields, or utterances that hold words with a confidence."""
    if not isinstance(value, dict) or "segments" in value or "results" in value:
        return False
    rows = value.get("utterances")
    timed_words = isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict) and {"words", "confidence"} <= rows[0].keys()
    return timed_words or bool(_OWN_FIELDS & value.keys() and {"text", "utterances", "status"} & value.keys())


def assemblyai_pieces(value: Any, text: str, where: str) -> list[Piece]:
    """The utterances as they stand; without any, the words gathered by speaker, or the bare text."""
    if value.get("status") not in (None, "completed"):
        raise refusal("AssemblyAI had not finished this transcript", where, expected='a transcript with the status "completed"')
    sent = validate(_Transcript, value, text, where)
    if not sent.utterances:
        return runs([_spoken(w) for w in sent.words or ()]) or [Piece("", sent.text or "")]
    pieces = []
    for i, u in enumerate(sent.utterances):
        in_order(u.start, u.end, text, where, ("utterances", i, "end"))
        said, start_s, end_s = clean(u.text), _s(u.start), _s(u.end)
        marks = marks_in(said, [_spoken(w) for w in u.words or ()], start_s, end_s)
        pieces.append(Piece(u.speaker or "", said, start_s, end_s, marks))
    return pieces


def _spoken(word: _Word) -> Spoken:
    return Spoken(word.text, word.speaker or "", _s(word.start), _s(word.end))


def _s(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
