"""One capture from its recording to the transcript on record, as two steps that may each be run again to the same effect."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from weakref import WeakValueDictionary

from agents.attribution import attribute_by_track
from agents.captures.hearing import Stopped, happened, hear_on, surveyed_of, transcript_of
from agents.ingestion import ingest
from agents.workbench import Workbench
from alignment.capture import OVER, Capture, Step, begun_in_vain
from alignment.errors import Conflict, PlumblineError
from alignment.people import Interview
from alignment.record import CaptureId, OrganisationId
from alignment.transcript import Transcript
from corpus.heard import Survey
from corpus.importers import Parsed
from corpus.speech_models import SpeechModel, open_speech
from corpus.tracks import Track, read_written

CRASHED = "crashed"
AGAIN_S = 0.1


@dataclass
class Under:
    """What a process knows of a capture that it is hearing: how far it has come, and whether it is to stop."""

    stop: Event = field(default_factory=Event)
    done_s: float = 0.0
    of_s: float = 0.0

    def tell(self, done_s: float, of_s: float) -> None:
        """So many seconds of so many are done."""
        self.done_s, self.of_s = done_s, of_s


@dataclass
class Runner:
    """Runs captures over a workbench; `under` are those that it is hearing now."""

    bench: Workbench
    under: dict[str, Under] = field(default_factory=dict)
    surveys: dict[str, Survey] = field(default_factory=dict)
    model: SpeechModel | None = None
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    closing: bool = False
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.idle.set()

    async def hear(self, organisation: OrganisationId, id: CaptureId) -> bool:
        """Hear the whole recording; False where the capture is over, or laid down. Raises what may pass by itself."""
        async with self._at(organisation, id) as work:
            if work is not None:
                return await self._done(work, self._heard(work))
        return False

    async def keep(self, organisation: OrganisationId, id: CaptureId) -> bool:
        """Put the transcript of what was heard on record and index it; False where it is over, or laid down. Raises what may pass."""
        async with self._at(organisation, id) as work:
            if work is not None:
                return await self._done(work, self._kept(work))
        return False

    @asynccontextmanager
    async def _at(self, organisation: OrganisationId, id: CaptureId) -> AsyncIterator["_Work | None"]:
        """The capture, taken up, one at a time in this process; None where it is over, was given up, or nothing new is begun any more."""
        async with self.turns.setdefault(id, asyncio.Lock()):
            progress = await self.bench.store.capture(organisation, id)
            most = self.bench.settings.jobs.crashes
            if begun_in_vain([s.step for s in progress.steps]) >= most:
                told = f"Hearing it ended its process {most} times without coming any further."
                await self.bench.store.close_capture(organisation, id, happened(Step.FAILED, code=CRASHED, told=told))
            if self.closing or not await self.bench.store.add_step(organisation, id, happened(Step.BEGUN)):
                yield None
                return
            work = _Work(progress.capture, self.under.setdefault(id, Under()))
            self.idle.clear()
            try:
                yield work
            finally:
                self.under.pop(id, None)
                if not self.under:
                    self.idle.set()

    async def _done(self, work: "_Work", doing: Coroutine[Any, Any, None]) -> bool:
        """Do it: what fails for good ends the capture, and whatever may pass, or was stopped, lays it down."""
        capture = work.capture
        try:
            await doing
            return True
        except Stopped:
            await self.bench.store.add_step(capture.organisation, capture.id, happened(Step.LAID_DOWN))
        except PlumblineError as e:
            if e.retryable:
                with suppress(PlumblineError):  # the store may be what is away
                    await self.bench.store.add_step(capture.organisation, capture.id, happened(Step.LAID_DOWN, code=e.code))
                raise
            end = happened(Step.FAILED, code=e.code, told=_sentence(e))
            await self.bench.store.close_capture(capture.organisation, capture.id, end)
        self.surveys.pop(capture.id, None)
        return False

    async def _heard(self, work: "_Work") -> None:
        capture, store = work.capture, self.bench.store
        surveyed = await self._survey(capture)
        length_s = round(surveyed.length_s, 3)
        await store.set_length(capture.organisation, capture.interview, capture.digest, length_s)
        await store.add_step(capture.organisation, capture.id, happened(Step.SURVEYED, of_s=length_s))
        await hear_on(self.bench, capture, surveyed, await self._speech(), work.under.stop, work.under.tell)

    async def _kept(self, work: "_Work") -> None:
        capture, store = work.capture, self.bench.store
        interview = await store.interview(capture.organisation, capture.interview)
        surveyed, speech = await self._survey(capture), await self._speech()
        track = await store.track(capture.organisation, capture.id)
        heard = await transcript_of(self.bench, capture, surveyed, speech, work.under.stop, read_written(track))
        if (await store.capture(capture.organisation, capture.id)).state in OVER:
            raise Stopped
        given = {label: name for label, name in capture.mapping.items() if label in heard.parsed.labels}
        done = await ingest(self.bench, capture.organisation, interview, heard.parsed, given=given, correction=capture.correction)
        length_s = round(heard.length_s, 3)
        end = happened(Step.KEPT, done_s=length_s, of_s=length_s, code=done.transcript.id, told=" ".join(heard.notes))
        applied = track if done.new or await self._was_told_apart(interview, done.transcript, heard.parsed) else ""
        while not await store.close_capture(capture.organisation, capture.id, end, track=applied):
            if (await store.capture(capture.organisation, capture.id)).state in OVER:
                raise Stopped
            # Given since, or after a process was killed that had put the transcript on record.
            later = await store.track(capture.organisation, capture.id)
            if told := await self._told_apart(interview, heard.parsed, read_written(later)):
                applied, end = later, end.model_copy(update={"code": told})
        self.surveys.pop(capture.id, None)

    async def _told_apart(self, interview: Interview, parsed: Parsed, track: Track) -> str:
        """The transcript after a track that came late; empty where somebody corrects it at this moment, so that it is to be tried again."""
        newest = await self.bench.store.transcript(interview.organisation, interview.id)
        if newest.source_digest != parsed.source_digest:  # another recording's by now
            return newest.id
        try:
            return (await attribute_by_track(self.bench, interview, track)).transcript.id
        except Conflict:
            await asyncio.sleep(AGAIN_S)
            return ""

    async def _was_told_apart(self, interview: Interview, newest: Transcript, parsed: Parsed) -> bool:
        """Whether the recording's first version on record is what was made of it now, by the same track."""
        for version in range(1, newest.version + 1):
            held = await self.bench.store.transcript(interview.organisation, interview.id, version)
            if held.source_digest == parsed.source_digest:
                return held.utterances == parsed.utterances
        return False

    async def _survey(self, capture: Capture) -> Survey:
        if capture.id not in self.surveys:
            self.surveys[capture.id] = await surveyed_of(self.bench, capture)
        return self.surveys[capture.id]

    async def _speech(self) -> SpeechModel:
        if self.model is None:
            self.model = await asyncio.to_thread(open_speech, self.bench.settings.speech.model)
        return self.model


@dataclass(frozen=True)
class _Work:
    """A capture that was taken up, and what this process knows of it."""

    capture: Capture
    under: Under


def _sentence(e: PlumblineError) -> str:
    """What went wrong and what to do, without the place: that is the recording, which is known by another name where it lies."""
    return f"{e.what}. {e.todo}".strip()
