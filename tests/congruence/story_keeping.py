"""A hold on the story's interview that was lifted, the receipt of an erasure that reached nothing of it, and rules for what is kept."""

from datetime import datetime
from typing import NamedTuple

from alignment.erasing import Erasure, ErasureId, ErasureKind, Hold, HoldId, Kept, RetentionRule
from alignment.people import ConsentPolicy, Interview
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
    await store.set_retention(org, Kept.RECORDINGS, RetentionRule(organisation=org, what=Kept.RECORDINGS, days=90, by=secret, at=at))
    await store.set_consent_region(org, "DE", ConsentPolicy.OPT_OUT)
    return Keeping(hold, await store.close_erasure(org, erasure.id, at))
