"""One capture from its recording to the transcript on record, as two steps that may each be run again to the same effect."""

import asyncio
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from agents.captures.hearing import Stopped, happened, hear_on, surveyed_of, transcript_of
from agents.ingestion import ingest
from agents.workbench import Workbench
from alignment.capture import Capture, Step, begun_in_vain
from alignment.errors import PlumblineError
from alignment.record import CaptureId, OrganisationId
from corpus.heard import Survey
from corpus.speech import SpeechModel, open_speech

CRASHED = "crashed"


@dataclass
class Under:
    """What a process knows of a capture that it is hearing: how far it has come, and whether it is to stop."""

    stop: Event = field(default_factory=Event)
    done_s: float = 0.0
    of_s: float = 0.0


@dataclass
class Runner:
    """Runs captures over a workbench; `under` are those that it is hearing now."""

    bench: Workbench
    under: dict[str, Under] = field(default_factory=dict)
    surveys: dict[str, Survey] = field(default_factory=dict)
    model: SpeechModel | None = None
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.idle.set()

    async def hear(self, organisation: OrganisationId, id: CaptureId) -> bool:
        """Hear the whole recording; False where the capture is over before that. Raises what may pass by itself."""
        progress = await self.bench.store.capture(organisation, id)
        steps = [s.step for s in progress.steps]
        most = self.bench.settings.jobs.crashes
        if begun_in_vain(steps) >= most:
            told = f"Hearing it ended its process {most} times without coming any further."
            return await self._over(progress.capture, happened(Step.FAILED, code=CRASHED, told=told))
        if not await self.bench.store.add_step(organisation, id, happened(Step.BEGUN)):
            return False
        under = self.under.setdefault(id, Under())
        self.idle.clear()
        try:
            return await self._heard(progress.capture, under)
        except Stopped:
            return False
        finally:
            self.under.pop(id, None)
            if not self.under:
                self.idle.set()

    async def keep(self, organisation: OrganisationId, id: CaptureId) -> bool:
        """Put the transcript of what was heard on record and index it; False where it cannot be. Raises what may pass by itself."""
        capture = (await self.bench.store.capture(organisation, id)).capture
        interview = await self.bench.store.interview(organisation, capture.interview)
        try:
            heard = await transcript_of(self.bench, capture, await self._survey(capture), await self._speech())
            given = {label: name for label, name in capture.mapping.items() if label in heard.parsed.labels}
            done = await ingest(self.bench, organisation, interview, heard.parsed, given=given, correction=capture.correction)
        except PlumblineError as e:
            return await self._failed(capture, e)
        finally:
            self.surveys.pop(id, None)
        told = " ".join(heard.notes)
        length_s = round(heard.length_s, 3)
        end = happened(Step.KEPT, done_s=length_s, of_s=length_s, code=done.transcript.id, told=told)
        await self.bench.store.close_capture(organisation, id, end)
        return True

    async def _heard(self, capture: Capture, under: Under) -> bool:
        def tell(done_s: float, of_s: float) -> None:
            under.done_s, under.of_s = done_s, of_s

        try:
            surveyed = await self._survey(capture)
            length_s = round(surveyed.length_s, 3)
            await self.bench.store.set_length(capture.organisation, capture.interview, capture.digest, length_s)
            await self.bench.store.add_step(capture.organisation, capture.id, happened(Step.SURVEYED, of_s=length_s))
            await hear_on(self.bench, capture, surveyed, await self._speech(), under.stop, tell)
        except PlumblineError as e:
            return await self._failed(capture, e)
        return True

    async def _survey(self, capture: Capture) -> Survey:
        if capture.id not in self.surveys:
            self.surveys[capture.id] = await surveyed_of(self.bench, capture)
        return self.surveys[capture.id]

    async def _speech(self) -> SpeechModel:
        if self.model is None:
            self.model = await asyncio.to_thread(open_speech, self.bench.settings.speech.model)
        return self.model

    async def _failed(self, capture: Capture, e: PlumblineError) -> bool:
        if e.retryable:
            raise e
        return await self._over(capture, happened(Step.FAILED, code=e.code, told=_sentence(e)))

    async def _over(self, capture: Capture, end: Any) -> bool:
        await self.bench.store.close_capture(capture.organisation, capture.id, end)
        return False


def _sentence(e: PlumblineError) -> str:
    """What went wrong and what to do, without the place: that is the recording, which is known by another name where it lies."""
    return f"{e.what}. {e.todo}".strip()
