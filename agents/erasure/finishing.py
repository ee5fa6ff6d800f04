"""Erasures that a crash cut short, finished by whoever opens the record next."""

from agents.workbench import Workbench


async def finish_erasures(bench: Workbench) -> int:
    """Carry out what was planned and is not done; how many there were. What waits for the end of a legal hold goes on waiting."""
    from agents.erasure.carrying_out import carry_out

    done = 0
    for organisation, id in await bench.store.erasures_to_finish():
        # Among several processes another one may be at it.
        if await bench.store.is_free(organisation, f"erasure {id}"):
            await carry_out(bench, organisation, id)
            done += 1
    return done
