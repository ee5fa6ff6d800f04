"""The recording that is kept of a redacted interview: its sound, silent where something was struck out."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from agents.workbench import Workbench
from alignment.capture import Recording
from alignment.erasing import Redacted, Span
from alignment.errors import BadAudio, BadRequest, NotFound
from alignment.record import InterviewId, OrganisationId
from corpus.media import CHUNK, Arriving
from corpus.recordings import must_be_sound
from corpus.silencing import silence


@dataclass(frozen=True)
class Silenced:
    """The recording that is to be kept, and its bytes, which are not among the media yet: whoever has it keeps or drops them."""

    recording: Recording
    arriving: Arriving


async def silenced_of(bench: Workbench, organisation: OrganisationId, interview: InterviewId, parts: Redacted) -> Silenced | None:
    """The recording that is to be kept; None where there is none, it cannot be silenced, or it is there already."""
    held = await recordings_of(bench, organisation, interview)
    old = next((r for r in held if r.digest == parts.recording), None)
    if old is None:
        return None
    # What cannot be silenced goes whole: the words may not stay for it.
    with suppress(BadAudio, BadRequest, NotFound):
        return await asyncio.to_thread(_silenced, bench, old, parts.silent)
    return None


def _silenced(bench: Workbench, old: Recording, silent: Sequence[Span]) -> Silenced:
    arriving = bench.media.arriving(old.organisation)
    try:
        with bench.media.scratch(old.organisation) as file:
            length_s = silence(bench.media.path(old.organisation, old.digest), silent, file)
            file.seek(0)
            while piece := file.read(CHUNK):
                arriving.write(piece)
        kind = must_be_sound(arriving.path, "the recording")
    except BaseException:
        arriving.drop()
        raise
    kept = old.model_copy(update={"digest": arriving.digest, "size": arriving.size, "kind": kind, "length_s": length_s})
    return Silenced(kept, arriving)


async def recordings_of(bench: Workbench, organisation: OrganisationId, interview: InterviewId) -> tuple[Recording, ...]:
    """The recordings of an interview; none where there is no such interview any more."""
    try:
        return await bench.store.recordings(organisation, interview)
    except NotFound:
        return ()
