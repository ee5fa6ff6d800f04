"""Hearing one recording: stretch by stretch, each kept as soon as it is heard, so that nothing is heard twice after a crash."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Any

from pydantic import TypeAdapter

from agents.workbench import Workbench
from alignment.capture import Capture, Happened, Step
from alignment.errors import NotFound
from corpus.channels import FRAMES_S
from corpus.heard import Heard, HeardStretch, Survey
from corpus.speech import hear_stretches, survey, transcript_from
from corpus.speech_models import SpeechModel
from corpus.tracks import Track

STRETCH: TypeAdapter[HeardStretch] = TypeAdapter(HeardStretch)
MOST_HOTWORDS = 60
# What a model that knows the language need not be told: plain words. Left are names, products, codes, abbreviations.
_TERM = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w+#]*\b|\b\w*(?:[A-Z]\w*){2,}|\b\w*\d\w*[A-Za-z]\w*|\b[A-Za-z]\w*\d\w*")

Tell = Callable[[float, float], None]
"""Hears how many seconds of the recording are done, and of how many."""


class Stopped(Exception):
    """Somebody stopped the capture while it was being heard."""


async def surveyed_of(bench: Workbench, capture: Capture) -> Survey:
    """The first pass over a recording; BadAudio where it cannot be decoded whole, NotFound where it is gone."""
    return await asyncio.to_thread(survey, bench.media.path(capture.organisation, capture.digest))


async def hear_on(bench: Workbench, capture: Capture, surveyed: Survey, model: SpeechModel, stop: Event, tell: Tell) -> None:
    """Hear what is not heard yet, and keep it; Stopped once `stop` is set."""
    before = await _before(bench, capture)
    hotwords = await hotwords_of(bench, capture) if bench.settings.speech.hotwords else ()

    def watched(done_s: float, of_s: float) -> None:
        if stop.is_set():
            raise Stopped
        tell(done_s, of_s)

    made = hear_stretches(surveyed, model=model, hotwords=hotwords, language=capture.language, told=watched, before=before)
    while (stretch := await asyncio.to_thread(next, made, None)) is not None:
        if stop.is_set():
            raise Stopped
        done_s = _end_s(surveyed, stretch.index)
        step = happened(Step.HEARD, done_s=done_s, of_s=round(surveyed.length_s, 3))
        document = STRETCH.dump_json(stretch).decode()
        if not await bench.store.add_stretch(capture.organisation, capture.id, stretch.index, document, step):
            raise Stopped


async def transcript_of(
    bench: Workbench, capture: Capture, surveyed: Survey, model: SpeechModel, stop: Event, track: Track | None
) -> Heard:
    """The transcript of a recording whose stretches are all heard; NoSpeech where nobody speaks in it, Stopped once `stop` is set."""

    def watched(done_s: float, of_s: float) -> None:
        if stop.is_set():
            raise Stopped

    stretches = await _before(bench, capture)
    return await asyncio.to_thread(transcript_from, surveyed, stretches, model=model, told=watched, track=track)


async def hotwords_of(bench: Workbench, capture: Capture) -> tuple[str, ...]:
    """What to listen for: the names of the search's people, and what the contract names that is no plain word."""
    interview = await bench.store.interview(capture.organisation, capture.interview)
    people = await bench.store.people_of(capture.organisation, interview.search)
    try:
        lines = [c.text for c in (await bench.store.contract(capture.organisation, interview.search)).criteria]
    except NotFound:
        lines = []
    found = dict.fromkeys(person.name for person, _ in people)
    found |= dict.fromkeys(match.group() for line in lines for match in _TERM.finditer(line))
    return tuple(found)[:MOST_HOTWORDS]


async def _before(bench: Workbench, capture: Capture) -> tuple[HeardStretch, ...]:
    documents = await bench.store.stretches(capture.organisation, capture.id)
    return tuple(STRETCH.validate_json(d) for d in documents)


def _end_s(surveyed: Survey, index: int) -> float:
    return round(min(surveyed.length_s, surveyed.stretches[index][1] / FRAMES_S), 3)


def happened(step: Step, **more: Any) -> Happened:
    """That step, now."""
    return Happened(at=datetime.now(UTC), step=step, **more)
