"""What was heard of a recording: words with their times and probabilities, stretch by stretch, and the transcript that they make."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import NoSpeech
from alignment.transcript import Utterance
from corpus.channels import Voices
from corpus.importers.parsed import UNKNOWN_SPEAKER, Parsed, Piece
from corpus.importers.utterances import join, tidy
from corpus.importers.words import Spoken, marks_in

HEARD = "recording"
"""The source format of what a speech model heard."""

UNSURE = 0.5


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as heard: when, in seconds, and how probable the model holds it to be, 0 to 1."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A heard word in the transcript: its utterance, its first character there; where it was weighed, how sure its speaker is."""

    utterance: int
    offset: int
    heard: HeardWord
    attribution: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A few words in a row by one voice, counted from 0."""

    voice: int
    text: str
    words: tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True)
class Attributed:
    """A few words in a row and whose they are: an empty `label` is nobody's, `sure` is how sure that is, 0 to 1."""

    said: Said
    label: str
    sure: float


@dataclass(frozen=True, slots=True)
class Language:
    """The language's code and how sure it is, 0 to 1; None where nobody looked, because it was given or the model knows no other."""

    code: str
    sure: float | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass over a recording finds: how long it is, who speaks on which channels, and where it is cut into stretches."""

    path: Path
    digest: str
    length_s: float
    voices: Voices
    stretches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class HeardStretch:
    """What was said in one stretch of the recording, `index` counted from 0."""

    index: int
    said: tuple[Said, ...]
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A transcript with each word as it was heard, and `notes`: sentences that whoever uses it should read."""

    parsed: Parsed
    words: tuple[PlacedWord, ...]
    language: Language
    length_s: float
    notes: tuple[str, ...] = ()


def put_together(
    surveyed: Survey,
    stretches: Sequence[HeardStretch],
    *,
    model: str,
    english_alone: bool,
    attributed: Sequence[Attributed] | None = None,
    notes: Sequence[str] = (),
) -> Heard:
    """The transcript of all stretches, voices by the time at which they speak; NoSpeech where none holds a word.

    `attributed` says whose the words are; without it channels are speakers, counted from 1 in labels, and the words of a recording whose
    speakers have no channels of their own are nobody's. `notes` go before our own.
    """
    told = attributed if attributed is not None else _by_channel(surveyed, stretches)
    if not told:
        what = f"Nobody speaks in the recording: no speech was found in its {surveyed.length_s:.0f} s"
        raise NoSpeech(what, where=surveyed.path.name, todo="Check that it plays, and that the right microphone was recorded.")
    bare = join(tidy(_piece(one) for one in told))
    words = tuple(_placed(told, [u.text for u in bare], weighed=attributed is not None))
    utterances = tuple(_weighed(bare, words))
    labels = tuple(dict.fromkeys(u.speaker for u in utterances))
    parsed = Parsed(HEARD, labels, utterances, surveyed.digest)
    language = next((s.language for s in stretches if s.language), Language("en"))
    return Heard(parsed, words, language, surveyed.length_s, (*notes, *_notes(words, language, model, english_alone)))


def _by_channel(surveyed: Survey, stretches: Sequence[HeardStretch]) -> list[Attributed]:
    groups = surveyed.voices.groups
    labels = [f"Channel {' and '.join(str(c + 1) for c in group)}" if len(groups) > 1 else "" for group in groups]
    said = sorted((s for stretch in stretches for s in stretch.said), key=lambda s: s.words[0].start_s)
    return [Attributed(s, labels[s.voice], 1.0) for s in said]


def _piece(told: Attributed) -> Piece:
    said = told.said
    start_s, end_s = said.words[0].start_s, max(w.end_s for w in said.words)
    spoken = [Spoken(w.text, told.label, w.start_s, w.end_s) for w in said.words]
    return Piece(told.label, said.text, start_s, end_s, marks_in(said.text, spoken, start_s, end_s))


def _placed(told: Sequence[Attributed], texts: Sequence[str], *, weighed: bool) -> Iterator[PlacedWord]:
    """Each word where it stands: utterances are what was said in its order, with a space between."""
    utterance, at = 0, 0
    for one in told:
        s = one.said
        if at >= len(texts[utterance]):
            utterance, at = utterance + 1, 0
        within = 0
        for word in s.words:
            place = s.text.find(word.text, within) if word.text else -1
            if place >= 0:
                yield PlacedWord(utterance, at + place, word, one.sure if weighed else None)
                within = place + len(word.text)
        at += len(s.text) + 1


def _weighed(utterances: Sequence[Utterance], words: Sequence[PlacedWord]) -> Iterator[Utterance]:
    """The utterances with how probable their words are, and which of them are guesses."""
    for u, own in zip(utterances, _by_utterance(len(utterances), words), strict=True):
        # Of an utterance none of whose words can be found again nothing is known: it is as doubtful as can be.
        mean = sum(w.heard.probability for w in own) / len(own) if own else 0.0
        doubts = tuple((w.offset, w.offset + len(w.heard.text), w.heard.probability) for w in own if w.heard.probability < UNSURE)
        sure = [w.attribution for w in own if w.attribution is not None]
        attribution = round(sum(sure) / len(sure), 4) if sure and u.speaker != UNKNOWN_SPEAKER else None
        yield u.model_copy(update={"confidence": round(mean, 4), "doubts": doubts, "attribution": attribution})


def _by_utterance(count: int, words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    found: list[list[PlacedWord]] = [[] for _ in range(count)]
    for word in words:
        found[word.utterance].append(word)
    return found


def _notes(words: Sequence[PlacedWord], language: Language, model: str, english_alone: bool) -> Iterator[str]:
    sure = sum(w.heard.probability for w in words) / max(1, len(words))
    if english_alone:
        yield f"The speech model {model} knows English alone and took the recording for English without looking."
    if sure < UNSURE:
        other = "it may be in another language, or " if english_alone else ""
        yield f"Most words are guesses (mean probability {sure:.2f}): {other}too noisy for this model."
    if language.sure is not None and language.sure < UNSURE:
        yield f"The language is a guess: {language.code}, with a probability of {language.sure:.2f}."
