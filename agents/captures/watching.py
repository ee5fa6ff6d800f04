"""A watched folder: recordings that appear in it are taken in, once for each content, and heard by the queue."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agents.attribution import track_given
from agents.captures.ordering import Of, Order, capture_id, must_be_wanted, pieces_of, take_in
from agents.captures.queue import Jobs
from agents.workbench import Workbench
from alignment.capture import OVER, CaptureState, Progress
from alignment.errors import BadSearch, BadTranscript, Conflict, NotFound, PlumblineError, Unreadable
from alignment.people import Interview, Search
from alignment.record import CaptureId, digest
from corpus.tracks import Track, written
from corpus.watched import Appeared, Memory, Sidecar, content_of, files_in, is_locked, printed, said_of, track_of

AGAIN_S, LATEST_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class News:
    """What became of one file: `what` is a sentence, `code` that of the refusal where it was refused."""

    file: str
    what: str
    code: str = ""
    capture: str = ""


class Watch:
    """One folder, watched for one search; `queue` is where recordings are heard, and `consent` what holds where a sidecar says nothing."""

    def __init__(self, bench: Workbench, queue: Callable[[], Awaitable[Jobs]], search: Search, folder: Path, consent: str = "") -> None:
        self._bench, self._queue, self._search, self._folder, self._consent = bench, queue, search, folder, consent.strip()
        place = digest(search.organisation, search.id, str(folder.absolute()))[:32]
        self._memory = Memory(bench.settings.home / "watched" / f"{place}.json")
        self._seen: dict[Path, str] = {}
        self._settled: dict[Path, str] = {}
        self._later: dict[Path, tuple[str, float, float]] = {}
        self._heard: dict[CaptureId, str] = {}

    async def look(self) -> list[News]:
        """Take in what is there and has not changed since the look before; MediaDown where the folder cannot be read."""
        files = await asyncio.to_thread(files_in, self._folder)
        news = [told for file in files if await self._is_due(file) and (told := await self._taken_in(file))]
        self._seen = {f.path: f.mark for f in files}
        return [*news, *await self._ended()]

    async def _is_due(self, file: Appeared) -> bool:
        if self._settled.get(file.path) == file.mark or self._seen.get(file.path) != file.mark:
            return False
        mark, _, at = self._later.get(file.path, ("", 0.0, 0.0))
        return not (mark == file.mark and time.monotonic() < at) and not await asyncio.to_thread(is_locked, file.path)

    async def _taken_in(self, file: Appeared) -> News | None:
        """What there is to tell of it; None where that is known."""
        name, key = printed(file.path.relative_to(self._folder)), digest(printed(file.path), file.mark, self._consent)
        try:
            sidecar = await asyncio.to_thread(said_of, file)
            of = self._of(file, sidecar)
            await must_be_wanted(self._bench, of)
            content = await asyncio.to_thread(content_of, file.path)
            key = digest(content, sidecar.model_dump_json(), self._consent)
            track, no_track = await self._track(file)
            if (known := self._memory.taken(content)) is not None:
                news = await self._told_apart(of, content, track, name)
                self._settled[file.path] = file.mark
                return news or self._known(name, content, no_track, same=known == digest(name))
            if all(f != file for f in await asyncio.to_thread(files_in, self._folder)):
                return None  # it was written to meanwhile
            order = Order(by=self._search.organisation, language=sidecar.language, track=track)
            made = (await take_in(self._bench, of, pieces_of(file.path), file.place, order)).progress
        except PlumblineError as e:
            return self._refused(file, name, key, e)
        self._memory.take(made.capture.digest, name)
        if track:
            self._memory.take_track(made.capture.digest, written(track))
        if no_track:
            self._memory.refuse(digest(made.capture.digest, no_track), "bad_transcript")
        self._settled[file.path] = file.mark
        if made.state not in OVER:
            await (await self._queue()).put(self._search.organisation, made.capture.id)
        self._heard[made.capture.id] = name
        return News(name, f"It is taken in, and is going to be heard{no_track}", capture=made.capture.id)

    async def _track(self, file: Appeared) -> tuple[Track, str]:
        """The speaker track beside it, or what is told of one that is none: the recording is heard without it."""
        try:
            return await asyncio.to_thread(track_of, file), ""
        except BadTranscript as e:
            return (), f"; without its track, which cannot be used: {e}".removesuffix(".")

    async def _told_apart(self, of: Of, content: str, track: Track, name: str) -> News | None:
        """A track that came after its recording; None where there is none, it is known, or the recording was erased meanwhile."""
        if not track or self._memory.has_track(content, written(track)):
            return None
        try:
            interview = await self._bench.store.interview_by_name(of.search.organisation, of.search.id, of.name)
        except NotFound:
            return None
        try:
            what = await self._given(interview, content, track)
        except NotFound:
            return None
        self._memory.take_track(content, written(track))
        return News(name, what, capture=capture_id(interview, content))

    async def _given(self, interview: Interview, content: str, track: Track) -> str:
        """What became of a track that came after its recording; NotFound where that was erased meanwhile."""
        try:
            done = await track_given(self._bench, interview, track, content)
        except Conflict:
            newest = await self._bench.store.transcript(interview.organisation, interview.id)
            if newest.source_digest == content:  # somebody corrects it at this moment: it is tried again
                raise
            return "The track beside it changes nothing: the transcript is of another recording by now"
        if isinstance(done, Progress):
            return "The track beside it is kept until its transcript is on record"
        return "Its speakers are told apart by the track beside it"

    def _known(self, name: str, content: str, no_track: str, *, same: bool) -> News | None:
        """What is told, once, of a file that holds what was taken in before."""
        if same and no_track and self._memory.refuse(digest(content, no_track), "bad_transcript"):
            return News(name, f"It was taken in{no_track}", code="bad_transcript")
        if same or not self._memory.refuse(digest(content, name), "known"):
            return None
        return News(name, "It holds what was taken in before: there is nothing to do")

    def _refused(self, file: Appeared, name: str, key: str, error: PlumblineError) -> News | None:
        if isinstance(error, Unreadable):
            self._settled[file.path] = file.mark
        else:
            mark, wait_s, _ = self._later.get(file.path, ("", 0.0, 0.0))
            wait_s = min(2 * wait_s, LATEST_S) if mark == file.mark else AGAIN_S
            self._later[file.path] = (file.mark, wait_s, time.monotonic() + wait_s)
        return News(name, str(error).removesuffix("."), code=error.code) if self._memory.refuse(key, error.code) else None

    def _of(self, file: Appeared, sidecar: Sidecar) -> Of:
        """The interview that it belongs to; BadSearch where its name can be none."""
        name = sidecar.interview or file.interview
        if len(name) > 200 or not name.isprintable() or not name.strip(". "):
            raise BadSearch("That is no name of an interview", where=file.place, todo=f"Say another in {file.beside}.")
        return Of(self._search, name, sidecar.candidate, sidecar.held_on, sidecar.region, sidecar.consent or self._consent)

    async def _ended(self) -> list[News]:
        news = []
        for id, name in list(self._heard.items()):
            try:
                progress = await self._bench.store.capture(self._search.organisation, id)
            except NotFound:  # erased meanwhile
                del self._heard[id]
                continue
            if progress.state in OVER:
                del self._heard[id]
                code = progress.steps[-1].code if progress.state is CaptureState.FAILED else ""
                done = "Its transcript is on record" if progress.state is CaptureState.DONE else f"It is {progress.state}. {progress.why}"
                news.append(News(name, done.strip().removesuffix("."), code=code, capture=id))
        return news


async def keep_watching(watch: Watch, every_s: float, over: asyncio.Event, tell: Callable[[News], None]) -> None:
    """Look again and again until it is over; what passes by itself is told when it begins, and waited for."""
    troubled = ""
    while not over.is_set():
        try:
            for news in await watch.look():
                tell(news)
            troubled = ""
        except PlumblineError as e:
            if e.code != troubled:
                tell(News("", str(e).removesuffix("."), code=e.code))
            troubled = e.code
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), every_s)
