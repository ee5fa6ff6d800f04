"""Deepgram JSON: `results` with channels, words that carry numbered speakers, and utterances where they were asked for."""

from typing import Any

from corpus.importers.json_text import Seconds, Sent, Step, in_order, validate
from corpus.importers.parsed import Piece, clean
from corpus.importers.words import Spoken, marks_in, runs

SpeakerNumber = int | str


class _Word(Sent):
    word: str = ""
    punctuated_word: str | None = None
    start: float | None = None
    end: float | None = None
    speaker: SpeakerNumber | None = None


class _Sentence(Sent):
    text: str
    start: Seconds | None = None
    end: Seconds | None = None


class _Paragraph(Sent):
    sentences: tuple[_Sentence, ...] = ()
    speaker: SpeakerNumber | None = None


class _Paragraphs(Sent):
    paragraphs: tuple[_Paragraph, ...] = ()


class _Alternative(Sent):
    transcript: str = ""
    words: tuple[_Word, ...] | None = None
    paragraphs: _Paragraphs | None = None


class _Channel(Sent):
    alternatives: tuple[_Alternative, ...] = ()


class _Utterance(Sent):
    transcript: str
    start: Seconds | None = None
    end: Seconds | None = None
    channel: int = 0
    speaker: SpeakerNumber | None = None
    words: tuple[_Word, ...] | None = None


class _Results(Sent):
    channels: tuple[_Channel, ...] = ()
    utterances: tuple[_Utterance, ...] | None = None


def is_deepgram(value: Any) -> bool:
    """Whether the JSON is an object whose results have channels or utterances."""
    results = value.get("results") if isinstance(value, dict) else None
    return isinstance(results, dict) and ("channels" in results or "utterances" in results)


def deepgram_pieces(value: Any, text: str, where: str) -> list[Piece]:
    """Pieces by start time, from the utterances if there are any, else from words, paragraphs or the bare transcript of each channel."""
    results = validate(_Results, value["results"], text, where, under=("results",))
    _refuse_backward_times(results, text, where)
    many = len(results.channels) > 1 or any(u.channel for u in results.utterances or ())
    if results.utterances:
        pieces = [_from_utterance(u, many) for u in results.utterances]
    else:
        heard = [(n if many else None, c.alternatives[0]) for n, c in enumerate(results.channels) if c.alternatives]
        pieces = [p for channel, best in heard for p in _from_channel(best, channel)]
    return sorted(pieces, key=lambda p: p.start_s or 0.0) if all(p.start_s is not None for p in pieces) else pieces


def _refuse_backward_times(results: _Results, text: str, where: str) -> None:
    for i, u in enumerate(results.utterances or ()):
        in_order(u.start, u.end, text, where, ("results", "utterances", i, "end"))
    for n, channel in enumerate(results.channels):
        for best in channel.alternatives[:1]:
            at: tuple[Step, ...] = ("results", "channels", n, "alternatives", 0, "paragraphs", "paragraphs")
            for i, paragraph in enumerate(best.paragraphs.paragraphs if best.paragraphs else ()):
                for k, s in enumerate(paragraph.sentences):
                    in_order(s.start, s.end, text, where, (*at, i, "sentences", k, "end"))


def _from_utterance(u: _Utterance, many: bool) -> Piece:
    channel = u.channel if many else None
    said = clean(u.transcript)
    marks = marks_in(said, [_spoken(w, channel) for w in u.words or ()], u.start, u.end)
    return Piece(_label(channel, u.speaker), said, u.start, u.end, marks)


def _from_channel(best: _Alternative, channel: int | None) -> list[Piece]:
    if best.words:
        return runs([_spoken(w, channel) for w in best.words])
    if best.paragraphs and best.paragraphs.paragraphs:
        return [Piece(_label(channel, p.speaker), s.text, s.start, s.end) for p in best.paragraphs.paragraphs for s in p.sentences]
    return [Piece(_label(channel, None), best.transcript)]


def _spoken(word: _Word, channel: int | None) -> Spoken:
    return Spoken(word.punctuated_word or word.word, _label(channel, word.speaker), word.start, word.end)


def _label(channel: int | None, speaker: SpeakerNumber | None) -> str:
    """Numbers count speakers within a channel, so both are in the label where there are several channels."""
    parts = [] if channel is None else [f"Channel {channel}"]
    if speaker is not None and speaker != "":
        parts.append(f"Speaker {speaker}" if isinstance(speaker, int) else speaker)
    return " ".join(parts)
