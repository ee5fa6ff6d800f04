"""The record's everyday work, shared by every edge: searches, panels, contracts, interviews, feedback and scorecards by their names."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from agents.workbench import Workbench
from alignment.contract import Contract, Criterion
from alignment.errors import Conflict, NotFound
from alignment.feedback import Feedback
from alignment.people import Consent, Interview, Organisation, PanelSeat, Person, Role, Search
from alignment.record import (
    ContractId,
    FeedbackId,
    InterviewId,
    OrganisationId,
    PersonId,
    ScorecardId,
    SearchId,
    derived_id,
    digest,
)
from alignment.scorecard import Grade, Scorecard
from corpus import consenting
from corpus.consenting import basis_of
from corpus.store_interviews import consent_recorded_elsewhere

RECORDED_ELSEWHERE = "recorded-elsewhere"
LISTED = 12


@dataclass(frozen=True)
class SeatPlan:
    """One interviewer's place on a panel, by names."""

    person: str
    interview: str
    stage: str = ""
    focus: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchPlan:
    """A search as people describe it, by names; `criteria` may be incomplete, which only signing refuses."""

    slug: str
    title: str
    recruiter: str = ""
    hiring_manager: str = ""
    role_family: str = ""
    company_kind: str = ""
    panel: tuple[SeatPlan, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    contract_version: int = 1


async def organisation_of(bench: Workbench) -> Organisation:
    """The organisation that the settings name, made on first use."""
    return await bench.store.create_organisation(bench.settings.organisation)


async def open_search(bench: Workbench, organisation: OrganisationId, plan: SearchPlan) -> Search:
    """The search with its people, panel and first contract version on record; the same plan again changes nothing."""
    id = SearchId(derived_id("srch", organisation, plan.slug))
    seats = []
    for seat in plan.panel:
        person = await bench.store.add_person(organisation, seat.person)
        seats.append(
            PanelSeat.model_validate(
                {
                    "person": person.id,
                    "name": person.name,
                    "stage": seat.stage,
                    "interview": interview_id(id, seat.interview),
                    "interview_name": seat.interview,
                    "focus": seat.focus,
                }
            )
        )
    search = Search(
        id=id,
        organisation=organisation,
        slug=plan.slug,
        title=plan.title,
        role_family=plan.role_family,
        company_kind=plan.company_kind,
        recruiter=await bench.store.add_person(organisation, plan.recruiter) if plan.recruiter else None,
        hiring_manager=await bench.store.add_person(organisation, plan.hiring_manager) if plan.hiring_manager else None,
        panel=tuple(seats),
    )
    version = plan.contract_version
    contract = Contract(
        id=ContractId(derived_id("ctr", id, str(version))), organisation=organisation, search=id, version=version, criteria=plan.criteria
    )
    if await _on_record(bench, organisation, plan.slug):
        # What does not fit is refused before anybody is seated.
        await bench.store.add_contract(organisation, contract)
        return await bench.store.add_search(organisation, search)
    kept = await bench.store.add_search(organisation, search)
    await bench.store.add_contract(organisation, contract)
    return kept


async def _on_record(bench: Workbench, organisation: OrganisationId, slug: str) -> bool:
    try:
        await bench.store.search_by_slug(organisation, slug)
    except NotFound:
        return False
    return True


def interview_id(search: SearchId, name: str) -> InterviewId:
    """The id that the interview of that name in that search always gets."""
    return InterviewId(derived_id("int", search, name))


async def open_interview(
    bench: Workbench,
    search: Search,
    name: str,
    candidate: str,
    *,
    held_on: date | None = None,
    consent: Consent | None = None,
    region: str = "",
) -> Interview:
    """The interview of that name, made where there is none; `region` says which policy on consents holds for it."""
    person = await bench.store.add_person(search.organisation, candidate)
    newest = await bench.store.contract(search.organisation, search.id)
    try:
        known = await bench.store.interview_by_name(search.organisation, search.id, name)
    except NotFound:
        known = None
    interview = Interview(
        id=interview_id(search.id, name),
        organisation=search.organisation,
        search=search.id,
        name=name,
        candidate=person,
        held_on=held_on,
        consent=consent,
        region=region.strip(),
        # An interview stays under the version that it was opened under.
        contract_version=(known and known.contract_version) or newest.version,
    )
    return await bench.store.add_interview(search.organisation, interview)


async def search_called(bench: Workbench, organisation: OrganisationId, slug: str) -> Search:
    """The search of that short name; NotFound lists the first few that there are."""
    try:
        return await bench.store.search_by_slug(organisation, slug)
    except NotFound:
        slugs = [s.slug for s in await bench.store.searches(organisation)]
        listed = f"There are: {', '.join(slugs[:LISTED])}{' …' if len(slugs) > LISTED else ''}." if slugs else "There is none yet."
        raise NotFound(f"There is no search {slug or '(no name)'}", todo=listed) from None


async def interview_called(bench: Workbench, search: Search, name: str) -> Interview:
    """The interview of that name in the search; NotFound lists which there are."""
    held = await bench.store.interviews(search.organisation, search.id)
    for interview in held:
        if interview.name == name:
            return interview
    listed = f"There are: {', '.join(i.name for i in held)}." if held else "None is on record yet: ingest its transcript first."
    raise NotFound(f"There is no interview {name or '(no name)'}", where=f"search {search.slug}", todo=listed)


def consent_from(told: str, candidate: PersonId | None = None, at: datetime | None = None) -> Consent:
    """The consent that a command states: kept in another system, or given to us on the basis that it names."""
    when = at or datetime.now(UTC)
    basis = basis_of(told)
    if basis == consenting.RECORDED_ELSEWHERE:
        return consent_recorded_elsewhere(when)
    return Consent(
        person=None if basis == consenting.NOTICE else candidate, at=when, basis=basis, scope="recording and processing of this interview"
    )


async def person_on(bench: Workbench, search: Search, name: str, *, roles: Iterable[Role] = ()) -> Person:
    """The person of that name who takes part in the search; NotFound lists who does."""
    people = await bench.store.people_of(search.organisation, search.id)
    wanted = set(roles)
    able = [p for p, role in people if not wanted or role in wanted]
    found = {p.id: p for p in able if p.name.casefold() == name.strip().casefold()}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise Conflict(f"Several people in the search are called {name}", where=search.slug, todo="Tell them apart by name first.")
    known = ", ".join(sorted({p.name for p in able})) or "nobody yet"
    raise NotFound(f"Nobody called {name or '(no name)'} takes part", where=f"search {search.slug}", todo=f"There are: {known}.")


async def add_feedback(bench: Workbench, search: Search, interview: str, interviewer: str, raw: str, *, name: str = "") -> Feedback:
    """The feedback on record, word for word, under the newest contract version; `name` is F1, F2 … where none is given."""
    held = await interview_called(bench, search, interview)
    person = await person_on(bench, search, interviewer, roles=(Role.INTERVIEWER, Role.HIRING_MANAGER, Role.RECRUITER))
    contract = await bench.store.contract(search.organisation, search.id)
    others = await bench.store.feedback_of(search.organisation, search=search.id)
    same = next(
        (f for f in others if (f.interview, f.interviewer, f.raw) == (held.id, person.id, raw.strip()) and (not name or f.name == name)),
        None,
    )
    if same:
        return same
    name = name or _next_name({f.name for f in others})
    if any(f.name == name for f in others):
        raise Conflict(f"There is already a feedback called {name}", where=f"search {search.slug}", todo="Choose another name.")
    feedback = Feedback(
        id=FeedbackId(derived_id("fbk", search.id, held.id, person.id, name, digest(raw.strip()))),
        organisation=search.organisation,
        search=search.id,
        interview=held.id,
        interviewer=person.id,
        contract_version=contract.version,
        name=name,
        raw=raw,
        at=datetime.now(UTC),
    )
    return await bench.store.add_feedback(search.organisation, feedback)


def _next_name(taken: Container[str]) -> str:
    return next(name for n in count(1) if (name := f"F{n}") not in taken)


async def feedback_called(bench: Workbench, search: Search, name: str, *, by: PersonId | None = None) -> Feedback:
    """The feedback of that name or id in the search, of everybody's or of one person's; NotFound lists what there is of it."""
    known = [f for f in await bench.store.feedback_of(search.organisation, search=search.id) if by in (None, f.interviewer)]
    for f in known:
        if name in (f.name, f.id):
            return f
    names = ", ".join(f.name or f.id for f in known) or "none yet"
    raise NotFound(f"There is no feedback {name}", where=f"search {search.slug}", todo=f"There are: {names}.")


async def add_scorecard(bench: Workbench, search: Search, interview: str, interviewer: str, grades: Sequence[Grade]) -> Scorecard:
    """The scorecard on record, under the newest contract version; a second one with other grades is a Conflict."""
    held = await interview_called(bench, search, interview)
    person = await person_on(bench, search, interviewer, roles=(Role.INTERVIEWER, Role.HIRING_MANAGER, Role.RECRUITER))
    contract = await bench.store.contract(search.organisation, search.id)
    card = Scorecard(
        id=ScorecardId(derived_id("crd", held.id, person.id)),
        organisation=search.organisation,
        search=search.id,
        interview=held.id,
        interviewer=person.id,
        contract_version=contract.version,
        grades=tuple(grades),
        at=datetime.now(UTC),
    )
    return await bench.store.add_scorecard(search.organisation, card)
