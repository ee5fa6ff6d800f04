"""Erasures that a crash cut short, finished by whoever opens the record next, and what else a crash left lying."""

from agents.workbench import Workbench


async def finish_erasures(bench: Workbench) -> int:
    """Carry out what was planned and is not done; how many there were. What waits for the end of a legal hold goes on waiting.

    What a kill left lying, which no erasure knows of, is cleared first.
    """
    from agents.erasure.carrying_out import carry_out
    from agents.erasure.leftovers import clear_leftovers

    await clear_leftovers(bench)
    done = 0
    for organisation, id in await bench.store.erasures_to_finish():
        # Among several processes another one may be at it.
        if await bench.store.is_free(organisation, f"erasure {id}"):
            await carry_out(bench, organisation, id)
            done += 1
    return done
