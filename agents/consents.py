"""Consents as they are given and withdrawn: who agreed to what, and what becomes of an interview whose candidate no longer does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agents.desk import interview_called
from agents.erasure.asking import Asked, erase_interview
from agents.erasure.carrying_out import carry_out, forget_at_hand
from agents.workbench import Workbench
from alignment.erasing import CANDIDATES_WILL, Erasure, ErasureKind
from alignment.errors import Conflict, OnHold
from alignment.people import Consent, Interview, Search
from alignment.record import new_id
from corpus.consenting import NOTICE, RECORDED_ELSEWHERE, basis_of

if TYPE_CHECKING:
    from agents.captures import Jobs

SCOPE = "recording and processing of this interview"


async def give(bench: Workbench, search: Search, name: str, basis: str, *, scope: str = "", at: datetime | None = None) -> Interview:
    """The interview with the consent that its candidate gave, or with the notice that they were given.

    `basis` says how they agreed; `notice` says that they were told and may object, which is enough where the policy is to opt out.
    """
    interview = await interview_called(bench, search, name)
    now = datetime.now(UTC)
    if at is not None and at > now:
        raise Conflict("Nobody has consented in the future", where=at.isoformat(), todo="Give the time at which it was.")
    told = basis_of(basis)
    person = None if told in (NOTICE, RECORDED_ELSEWHERE) else interview.candidate.id
    consent = Consent(person=person, at=at or now, basis=told, scope=scope.strip() or SCOPE)
    return await bench.store.record_consent(search.organisation, interview.id, consent)


async def withdraw(bench: Workbench, search: Search, name: str, asked: Asked, *, jobs: "Jobs | None" = None) -> Erasure:
    """The receipt of a withdrawal, or of an objection: the recording and all that was derived are gone, and nothing new is processed.

    Under a legal hold processing stops at once and OnHold says so; the erasure is carried out when the hold is lifted.
    """
    try:
        found = await erase_interview(bench, search, name, asked, jobs=jobs, kind=ErasureKind.WITHDRAWAL)
        if found.kind in CANDIDATES_WILL:
            return found
        # It was erased before for another reason, and the candidate's will goes on record beside that.
        planned = await bench.store.add_erasure(search.organisation, found.model_copy(update=_withdrawn(asked)))
        return await carry_out(bench, search.organisation, planned.id, jobs=jobs, but=asked.request)
    except OnHold as e:
        interview = await interview_called(bench, search, name)
        await bench.index.erase(search.organisation, [interview.id])
        forget_at_hand(bench)
        raise OnHold(
            "The withdrawal is on record and nothing of the interview is processed any more, but a legal hold lasts",
            where=name,
            todo="It is erased when the hold is lifted: plumbline hold lift.",
        ) from e


def _withdrawn(asked: Asked) -> dict[str, Any]:
    own = {"id": new_id("ers"), "kind": ErasureKind.WITHDRAWAL, "by": asked.by, "reason": asked.reason}
    return {**own, "at": datetime.now(UTC), "counts": {}, "done_at": None}
