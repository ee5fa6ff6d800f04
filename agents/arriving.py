"""Transcripts of one search on their way into the record: all admitted before the first is stored."""

from collections.abc import Callable, Sequence

from agents.admission import Arrival, admit
from agents.desk import consent_from, open_interview
from agents.ingestion import Ingested, ingest
from agents.workbench import Workbench
from alignment.errors import NotFound
from alignment.people import Search


async def take_in_transcripts(
    bench: Workbench,
    search: Search,
    arrivals: Sequence[Arrival],
    *,
    consent: str = "",
    correction: str = "",
    told: Callable[[str], None] = lambda _: None,
) -> list[tuple[str, Ingested]]:
    """What each came to, by its interview's name; where one cannot come, none does. `told` hears of each that is in.

    `consent` states the basis on which the candidate agreed, `correction` why other content for a known interview is its next version.
    Errors: ConsentMissing, Conflict, NotFound (a label that stands in no transcript, a person nobody knows).
    """
    for arrival in arrivals:
        for label in arrival.given:
            if label not in arrival.parsed.labels:
                listed = ", ".join(arrival.parsed.labels)
                raise NotFound(f"No speaker is labelled “{label}”", where=arrival.name, todo=f"The labels are: {listed}.")
    await admit(bench, search.organisation, search, arrivals, consent=consent, correction=correction)
    results: list[tuple[str, Ingested]] = []
    for a in arrivals:
        held = await open_interview(bench, search, a.name, a.candidate, held_on=a.held_on, region=a.region)
        stated = consent_from(consent, held.candidate.id) if consent and held.consent is None else None
        done = await ingest(bench, search.organisation, held, a.parsed, given=a.given, consent=stated, correction=correction)
        results.append((a.name, done))
        told(a.name)
    return results
