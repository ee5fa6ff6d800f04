"""What interviews must satisfy before the first of them comes on record, so that one that cannot come leaves nothing behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from agents.desk import consent_from, interview_id
from agents.workbench import Workbench
from alignment.errors import Conflict, ConsentMissing, NotFound
from alignment.people import Interview, Person, Role, Search
from alignment.record import InterviewId, OrganisationId, PersonId
from alignment.transcript import Transcript
from corpus.importers import Parsed
from corpus.speakers import map_speakers
from corpus.store_people import name_key


@dataclass(frozen=True)
class Arrival:
    """One interview as it comes in: name, transcript, who was interviewed, when and in which region, and whom its labels stand for."""

    name: str
    parsed: Parsed
    candidate: str
    held_on: date | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    region: str = ""


async def admit(
    bench: Workbench,
    organisation: OrganisationId,
    search: Search | None,
    arrivals: Sequence[Arrival],
    *,
    consent: str = "",
    correction: str = "",
) -> None:
    """Pass where all of them can come on record; else ConsentMissing, Conflict or NotFound. No `search` is one still to be opened."""
    held = {i.name: i for i in await bench.store.interviews(organisation, search.id)} if search else {}
    for arrival in arrivals:
        await _must_be_consented(bench, organisation, search, arrival, held.get(arrival.name), consent)
    for arrival in arrivals:
        if search and arrival.given:
            await _try_mapping(bench, search, arrival)
        if arrival.name in held:
            _must_be_the_same(held[arrival.name], arrival)
            await _must_be_known(bench, held[arrival.name], arrival, correction)


async def _must_be_consented(
    bench: Workbench, organisation: OrganisationId, search: Search | None, arrival: Arrival, held: Interview | None, stated: str
) -> None:
    id = held.id if held else interview_id(search.id, arrival.name) if search else InterviewId("")
    consent = (held.consent if held else None) or (consent_from(stated) if stated else None)
    try:
        await bench.store.may_process(organisation, id, consent, region=(held.region if held else "") or arrival.region, name=arrival.name)
    except ConsentMissing as e:
        if consent is not None or held is not None:
            raise
        todo = "State it with --consent: `recorded-elsewhere`, or the basis on which the candidate agreed."
        raise ConsentMissing(e.what, where=f"interview {arrival.name}", todo=e.todo if "withdrew" in e.what else todo) from e


async def newest_transcript(bench: Workbench, interview: Interview) -> Transcript | None:
    """The newest version of the interview's transcript, or None where it has none yet."""
    try:
        return await bench.store.transcript(interview.organisation, interview.id)
    except NotFound:
        return None


async def _try_mapping(bench: Workbench, search: Search, arrival: Arrival) -> None:
    people = list(await bench.store.people_of(search.organisation, search.id))
    if all(name_key(p.name) != name_key(arrival.candidate) for p, _ in people):
        newcomer = Person(id=PersonId("newcomer"), organisation=search.organisation, name=arrival.candidate)
        people.append((newcomer, Role.CANDIDATE))
    map_speakers(arrival.parsed.labels, people, arrival.given)


def _must_be_the_same(interview: Interview, arrival: Arrival) -> None:
    known: object = None
    if name_key(interview.candidate.name) != name_key(arrival.candidate):
        known = f"with {interview.candidate.name}, not {arrival.candidate}"
    elif arrival.held_on and interview.held_on and arrival.held_on != interview.held_on:
        known = f"as held on {interview.held_on}, not {arrival.held_on}"
    if known:
        raise Conflict(f"The interview {interview.name} is on record {known}", todo="If this is another one, name it with --interview.")


async def _must_be_known(bench: Workbench, interview: Interview, arrival: Arrival, correction: str) -> None:
    newest = await newest_transcript(bench, interview)
    if newest is None or correction or newest.source_digest == arrival.parsed.source_digest:
        return
    for version in range(1, newest.version):
        if (await bench.store.transcript(interview.organisation, interview.id, version)).source_digest == arrival.parsed.source_digest:
            return
    raise Conflict(
        f"The interview {interview.name} has another transcript on record",
        todo="If this is another interview, name it with --interview; if it corrects the first, say why with --correct.",
    )
