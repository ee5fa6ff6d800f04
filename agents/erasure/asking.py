"""Who asks for an erasure, of what, and why: one interview, or one candidate across all searches."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from agents.desk import interview_id
from agents.erasure.carrying_out import NO_REQUEST, carry_out
from agents.erasure.conversations import intakes_quoting
from agents.workbench import Workbench
from alignment.erasing import Erasure, ErasureId, ErasureKind
from alignment.errors import BadRequest, Conflict, NotFound
from alignment.people import Interview, Person, Search
from alignment.record import InterviewId, OrganisationId, PersonId, new_id
from corpus.store_people import name_key

if TYPE_CHECKING:
    from agents.captures import Jobs


@dataclass(frozen=True)
class Asked:
    """Who asks for it and why, in the operator's words, which stay on the receipt; `request` is the call whose answer may be kept."""

    by: str
    reason: str
    request: tuple[str, str] = NO_REQUEST


async def erase_interview(
    bench: Workbench, search: Search, name: str, asked: Asked, *, jobs: "Jobs | None" = None, kind: ErasureKind = ErasureKind.INTERVIEW
) -> Erasure:
    """Erase an interview from every store; the receipt. One that is erased already has its receipt, and nothing changes.

    Errors: NotFound, OnHold, BadRequest for a reason that names the candidate, StoreDown, IndexDown, MediaDown.
    """
    try:
        interview = await bench.store.interview_by_name(search.organisation, search.id, name)
    except NotFound:
        return await _erased_before(bench, search, name)
    planned = await plan_for(bench, interview.organisation, kind, interview.id, [interview], asked)
    return await carry_out(bench, search.organisation, planned.id, jobs=jobs, but=asked.request)


async def erase_person(bench: Workbench, organisation: OrganisationId, named: str, asked: Asked, *, jobs: "Jobs | None" = None) -> Erasure:
    """Erase every interview of a candidate, by name or id, in every search, and then the name where nothing else refers to it.

    An id that was erased already has its receipt. Errors as in `erase_interview`, and Conflict where several bear the name.
    """
    person = await _person(bench, organisation, named)
    if isinstance(person, Erasure):
        return person
    interviews = [i for i in await bench.store.interviews(organisation) if i.candidate.id == person.id]
    must_not_name(asked, person)
    planned = await plan_for(bench, organisation, ErasureKind.PERSON, person.id, interviews, asked)
    return await carry_out(bench, organisation, planned.id, jobs=jobs, but=asked.request)


async def plan_for(
    bench: Workbench, organisation: OrganisationId, kind: ErasureKind, subject: str, interviews: Iterable[Interview], asked: Asked
) -> Erasure:
    """The erasure on record with its plan, to be carried out; one that was begun before is that one."""
    held = tuple(interviews)
    if kind is not ErasureKind.RETENTION:  # whose reason nobody typed
        for interview in held:
            must_not_name(asked, interview.candidate)
    reached = tuple(sorted(i.id for i in held))
    wanted = Erasure(
        id=ErasureId(new_id("ers")),
        organisation=organisation,
        kind=kind,
        subject=subject,
        interviews=reached,
        by=asked.by,
        reason=asked.reason,
        at=datetime.now(UTC),
    )
    return await bench.store.add_erasure(organisation, wanted, intakes=await intakes_quoting(bench, organisation, reached))


def must_not_name(asked: Asked, person: Person) -> None:
    """Pass where the reason does not name them; else BadRequest."""
    if re.search(rf"\b{re.escape(name_key(person.name))}\b", name_key(asked.reason)):
        raise BadRequest("The reason names whom it is about, and stays on record", where="reason", todo="Name a case or a rule instead.")


async def _erased_before(bench: Workbench, search: Search, name: str) -> Erasure:
    interview: InterviewId = interview_id(search.id, name)
    if found := await bench.store.erasures(search.organisation, interview=interview):
        return found[-1]
    raise NotFound(f"There is no interview {name or '(no name)'}", where=f"search {search.slug}", todo="plumbline search show lists them.")


async def _person(bench: Workbench, organisation: OrganisationId, named: str) -> Person | Erasure:
    found = await bench.store.people_by_name(organisation, named)
    if len(found) > 1:
        listed = ", ".join(p.id for p in found)
        raise Conflict(f"{len(found)} people are called {named}", todo=f"Say by id which of them is meant: {listed}.")
    if found:
        return found[0]
    try:
        return await bench.store.person(organisation, PersonId(named))
    except NotFound:
        known = [e for e in await bench.store.erasures(organisation) if e.kind is ErasureKind.PERSON and e.subject == named]
        if known:
            return known[-1]
        raise NotFound(f"Nobody is called {named or '(no name)'}", todo="Give the name as the record has it, or the id.") from None
