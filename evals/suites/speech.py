"""Recordings heard: how many words are wrong, when they begin, who is said to have spoken them, and how long it took."""

import asyncio
import hashlib
import json
import random
import re
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alignment.errors import BadRequest, NoSpeech
from alignment.record import digest
from corpus.heard import Heard
from corpus.speech import hear
from corpus.speech_models import SpeechModel, open_speech
from evals.case import Batch, Case, Outcome, Step, Sums
from evals.metrics import Metric, Ratio
from evals.running.conditions import Conditions
from evals.running.places import fresh_home
from evals.scorers.transcripts import (
    MedianStart,
    SaidWord,
    attributed,
    edits,
    given_out,
    matched,
    normalised,
    starts,
    voices_errors,
    word_errors,
)
from evals.scorers.turns import Pairs, by_lot, by_pause, turns_told
from evals.sources import SAMPLES, Sources, digest_of, read_rows
from evals.suite import Hold, Suite

NAME = "speech"
MANIFEST = "manifest.jsonl"
TIMES = "*word_times.json"
_VOICE = re.compile(r"(\S{1,40}): (.*)", re.DOTALL)

METRICS: tuple[Metric, ...] = (
    Ratio("wer", "edits", "words", "less", "word errors over words said, pooled; voice by voice where each has a channel"),
    Ratio("substituted", "substituted", "said", "less", "words heard as others, over words said"),
    Ratio("deleted", "deleted", "said", "less", "words not heard, over words said"),
    Ratio("inserted", "inserted", "said", "less", "words that nobody said, over words said"),
    MedianStart("word_start_median_s", told="median seconds from where a word begins to where it is said to, either way"),
    Ratio("word_start_within_200_ms", "near", "timed", told="words said to begin within a fifth of a second of where they do"),
    Ratio("channel_accuracy", "channel_right", "channel_words", told="words given to the right speaker where each has a channel"),
    Ratio("speaker_accuracy", "speaker_right", "speaker_words", told="words given to the right speaker where speakers share one channel"),
    Ratio(
        "speaker_precision", "speaker_right", "speaker_named", told="of the words that were given to somebody there, those that were his"
    ),
    Ratio("speaker_named", "speaker_named", "speaker_words", "", told="words given to somebody there; the rest is the unknown speaker's"),
    Ratio("speaker_balanced", "speaker_share", "speakers", told="the share of its words that each speaker gets there, all speakers alike"),
    Ratio("speakers_counted", "speakers_right", "recordings", told="recordings in which as many speakers are found there as speak"),
    Ratio(
        "real_time_factor", "heard_s", "audio_s", "less", "seconds of hearing for a second of recording; two processes at once double it"
    ),
)


def batches(sources: Sources, seed: int) -> list[Batch]:
    """A batch for each manifest: in `audio/` or `speech/` of a folder, or in the folder itself."""
    folders = (folder for root in sources.roots for folder in (root / "audio", root / NAME, root))
    found = dict.fromkeys(folder for folder in folders if (folder / MANIFEST).is_file())
    return [batch for folder in found if (batch := _batch(folder)).cases]


def _batch(folder: Path) -> Batch:
    times = sorted(folder.glob(TIMES))
    words = _word_times(times)
    rows = [(n, row) for n, row in read_rows(folder / MANIFEST) if "audio" in row]
    cases = tuple(_case(row, words.get(row["audio"], ()), f"{folder / MANIFEST}, line {n}") for n, row in rows)
    clips = (folder / case.given["audio"] for case in cases)
    return Batch("speech_clips", folder, digest(digest_of([folder / MANIFEST, *times]), *map(_digest, clips)), cases)


def _digest(path: Path) -> str:
    if not path.is_file():
        return "missing"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _word_times(paths: Iterable[Path]) -> dict[str, list[list[Any]]]:
    """[word, speaker, start in seconds or None] by the recording's path."""
    found = {}
    for path in paths:
        try:
            for clip in json.loads(path.read_text(encoding="utf-8")):
                words = (w for w in clip["words"] if not w.get("punc"))
                found[clip["wav"]] = [[w["w"], w.get("speaker", ""), w.get("start")] for w in words]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
            raise BadRequest(f"Those are no word times: {type(e).__name__} {e}", where=str(path)) from e
    return found


def _case(row: Mapping[str, Any], words: Sequence[Sequence[Any]], where: str) -> Case:
    try:
        channels, speakers = int(row.get("channels", 1)), int(row.get("speakers", 1))
        voices = _voices(row["reference"]) if channels > 1 and speakers > 1 else {}
        given = {name: row[name] for name in ("audio", "language", "hotwords") if row.get(name)}
        return Case(
            suite=NAME,
            id=row["audio"],
            group=row.get("group") or row["audio"],
            slices={
                "source": str(row.get("source", "not told")),
                "speakers": str(speakers),
                "channels": "one" if channels < 2 else "one a speaker" if voices else "several for all",
            },
            given=given,
            expected={"reference": row["reference"], "voices": voices, "words": [list(w) for w in words]},
        )
    except (KeyError, TypeError, ValueError) as e:
        raise BadRequest(f"That is no recording with a reference: {type(e).__name__} {e}", where=where) from e


def _voices(reference: str) -> dict[str, str]:
    """`L: … | R: …` as what each voice says; nothing where it is written otherwise."""
    found = [_VOICE.fullmatch(part.strip()) for part in reference.split(" | ")]
    return {m[1]: m[2] for m in found if m} if len(found) > 1 and all(found) else {}


async def hold_clips(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """Every recording of the manifest heard with the speech model of the settings, one after the other."""
    with fresh_home() as home:
        model = open_speech(given.settings(Path(home)).speech.model)
    await asyncio.to_thread(lambda: model.loaded)  # a service has loaded it long before
    for case in batch.cases:
        yield await _heard(batch.source, case, model, given)


async def _heard(folder: Path, case: Case, model: SpeechModel, given: Conditions) -> Outcome:
    path, asked = folder / case.given["audio"], case.given
    if not path.is_file():
        return Outcome.unscorable(case, "the recording is not there", repeat=given.repeat)
    began = time.perf_counter()
    heard: Heard | None = None
    try:
        heard = await asyncio.to_thread(hear, path, model=model, hotwords=tuple(asked.get("hotwords", ())), language=asked.get("language"))
    except NoSpeech:
        pass  # an answer: the empty transcript
    except Exception as e:  # a crash is data
        return Outcome.crash(case, e, repeat=given.repeat, took_s=time.perf_counter() - began)
    return scored(case, heard, time.perf_counter() - began, given)


def scored(case: Case, heard: Heard | None, took_s: float, given: Conditions) -> Outcome:
    """The outcome of a recording that was heard, or in which nobody was heard (None)."""
    language = heard.language.code if heard else case.given.get("language", "en")
    expected = case.expected
    errors = _errors(expected, heard, language)
    if not errors["words"]:
        return Outcome.unscorable(case, "its reference holds no word", repeat=given.repeat, took_s=took_s)
    words = _words(heard)
    timed = matched([SaidWord(*w) for w in expected["words"]], words)
    channels, speakers = _placed(expected, words, timed)
    # Of which kind the errors are has no control: who says nothing substitutes nothing.
    sums = {**errors, "edits": edits(errors), "said": errors["words"], **starts(timed)}
    if heard:
        sums |= {"heard_s": took_s, "audio_s": heard.length_s}
    silent = {"words": errors["words"], "edits": errors["words"]}
    drawn = random.Random(f"{given.seed} {case.id}")
    return Outcome.of(
        case,
        repeat=given.repeat,
        sums={**sums, **_right(channels), **_turns(speakers)},
        marks={"every_word": edits(errors) == 0},
        controls={
            "constant": {**silent, **_right(given_out(channels, None)), **_turns(by_lot(speakers, None))},
            "random": {**_right(given_out(channels, drawn)), **_turns(by_lot(speakers, drawn), counted=False)},
            **({"alternating": _turns(by_pause(speakers, heard.words))} if heard and speakers else {}),
        },
        sureness=_sureness(expected["reference"], heard),
        answer=_answer(heard),
        trace=tuple(_steps(case, heard)),
        took_s=took_s,
    )


def _errors(expected: Mapping[str, Any], heard: Heard | None, language: str) -> Sums:
    utterances = heard.parsed.utterances if heard else ()
    if not expected["voices"]:
        return word_errors(normalised(expected["reference"], language), normalised(" ".join(u.text for u in utterances), language))
    said: dict[str, str] = {}
    for u in utterances:
        said[u.speaker] = f"{said.get(u.speaker, '')} {u.text}"
    return voices_errors(expected["voices"], said, language)


def _words(heard: Heard | None) -> list[SaidWord]:
    """What was heard, word by word in the order of time."""
    if heard is None:
        return []
    words = sorted(heard.words, key=lambda w: w.heard.start_s)
    return [SaidWord(w.heard.text, heard.parsed.utterances[w.utterance].speaker, w.heard.start_s) for w in words]


def _placed(expected: Mapping[str, Any], words: list[SaidWord], timed: Pairs) -> tuple[Pairs, Pairs]:
    """Words by which it can be seen who was taken for whom, where each has a channel, and where they share one."""
    if expected["voices"]:
        voices = ([SaidWord(w, voice) for w in text.split()] for voice, text in expected["voices"].items())
        return [pair for said in voices for pair in matched(said, words)], []
    return [], timed if any(speaker for _, speaker, _ in expected["words"]) else []


def _right(pairs: Pairs) -> Sums:
    return {"channel_right": attributed(pairs), "channel_words": float(len(pairs))} if pairs else {}


def _turns(pairs: Pairs, *, counted: bool = True) -> Sums:
    """Who was taken for whom; who draws from among those who speak has not `counted` them."""
    found = turns_told(pairs) if pairs else {}
    return found if counted else {name: n for name, n in found.items() if name not in ("recordings", "speakers_right")}


def _sureness(reference: str, heard: Heard | None) -> tuple[tuple[float, bool], ...]:
    """Each heard word's probability, and whether it stands in the reference."""
    words = heard.words if heard else ()
    told = [SaidWord(w.heard.text, str(n)) for n, w in enumerate(words)]
    right = {int(t.speaker) for _, t in matched([SaidWord(w) for w in reference.split()], told)}
    return tuple((w.heard.probability, n in right) for n, w in enumerate(words))


def _answer(heard: Heard | None) -> dict[str, Any] | None:
    if heard is None:
        return None
    utterances = [{"speaker": u.speaker, "start_s": u.start_s, "end_s": u.end_s, "text": u.text} for u in heard.parsed.utterances]
    return {"language": heard.language.code, "notes": list(heard.notes), "utterances": utterances}


def _steps(case: Case, heard: Heard | None) -> Iterable[Step]:
    yield Step(kind="asked", text=case.given["audio"])
    yield Step(kind="noted", text=case.expected["reference"], data={"reference": True})
    if heard is None:
        yield Step(kind="refused", text="nobody speaks in it")
    for u in heard.parsed.utterances if heard else ():
        yield Step(kind="answered", text=f"{u.speaker}: {u.text}", data={"start_s": u.start_s, "end_s": u.end_s})


SUITE = Suite(
    NAME, "recordings to words: what was said, when and by whom, against what people wrote down", METRICS, batches, SAMPLES / NAME
)
HOLDS: dict[str, Hold] = {"speech_clips": hold_clips}
