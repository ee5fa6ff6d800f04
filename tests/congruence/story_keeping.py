"""A hold on the story's interview that was lifted, and the receipt of an erasure that reached nothing of it."""

from datetime import datetime
from typing import NamedTuple

from alignment.erasing import Erasure, ErasureId, ErasureKind, Hold, HoldId
from alignment.people import Interview
from corpus.store import Store


class Keeping(NamedTuple):
    """A hold and a receipt."""

    hold: Hold
    erasure: Erasure


async def keeping_in(store: Store, interview: Interview, secret: str, mark: str, at: datetime) -> Keeping:
    """The hold and the receipt on record."""
    org = interview.organisation
    hold = Hold(id=HoldId(f"hld-{mark}"), organisation=org, interview=interview.id, by=secret, reason=secret, at=at)
    await store.add_hold(org, hold)
    hold = await store.lift_hold(org, hold.id, at)
    erasure = Erasure(
        id=ErasureId(f"ers-{mark}"),
        organisation=org,
        kind=ErasureKind.RECORDINGS,
        subject=interview.id,
        interviews=(interview.id,),
        by=secret,
        reason=secret,
        at=at,
    )
    await store.add_erasure(org, erasure)
    return Keeping(hold, await store.close_erasure(org, erasure.id, at))
