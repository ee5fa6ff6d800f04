"""Legal holds placed and lifted; what a candidate withdrew meanwhile is erased when the last one is lifted."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agents.desk import interview_called
from agents.erasure.asking import Asked
from agents.erasure.carrying_out import carry_out
from agents.workbench import Workbench
from alignment.erasing import Erasure, Hold, HoldId
from alignment.people import Search
from alignment.record import OrganisationId, new_id

if TYPE_CHECKING:
    from agents.captures import Jobs


async def place(bench: Workbench, search: Search, name: str, asked: Asked) -> Hold:
    """A hold on an interview: until it is lifted nothing of it is erased, whoever asks."""
    interview = await interview_called(bench, search, name)
    hold = Hold(
        id=HoldId(new_id("hld")),
        organisation=search.organisation,
        interview=interview.id,
        by=asked.by,
        reason=asked.reason,
        at=datetime.now(UTC),
    )
    return await bench.store.add_hold(search.organisation, hold)


async def lift(bench: Workbench, organisation: OrganisationId, id: str, *, jobs: "Jobs | None" = None) -> tuple[Hold, tuple[Erasure, ...]]:
    """The hold with its end, and the receipts of what had waited for it."""
    lifted = await bench.store.lift_hold(organisation, HoldId(id), datetime.now(UTC))
    waiting = [e for owner, e in await bench.store.erasures_to_finish() if owner == organisation]
    reached = [(await bench.store.erasure(organisation, e)) for e in waiting]
    mine = [e.id for e in reached if lifted.interview in e.interviews]
    return lifted, tuple([await carry_out(bench, organisation, e, jobs=jobs) for e in mine])
