"""A recording of the story's interview that is being heard."""

from datetime import datetime
from typing import Any

from alignment.capture import Capture, Happened, Recording, Step
from alignment.people import Interview
from alignment.record import CaptureId
from corpus.store import Store


async def capture_in(store: Store, interview: Interview, secret: str, mark: str, at: datetime) -> Capture:
    """A recording that is being heard, with a stretch of it."""
    org = interview.organisation
    own: dict[str, Any] = {"organisation": org, "interview": interview.id, "digest": f"{secret} digest", "at": at}
    capture = Capture(id=CaptureId(f"cap-{mark}"), mapping={secret: secret}, correction=secret, by=secret, **own)
    await store.add_capture(org, Recording(size=7, kind="audio/wav", **own), capture)
    step = Happened(at=at, step=Step.HEARD, done_s=1.0, of_s=2.0, told=secret)
    await store.set_track(org, capture.id, f"track {secret}")
    await store.add_stretch(org, capture.id, 0, f"heard {secret}", step)
    return capture
