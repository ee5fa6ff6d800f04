"""Whether an interview may be processed: its consent, the policy that holds for it, and whether it is being erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.erasing import CANDIDATES_WILL, ErasureId, ErasureKind
from alignment.errors import Conflict, ConsentMissing
from alignment.people import Consent, ConsentPolicy
from alignment.record import InterviewId, OrganisationId
from corpus.store_connections import of
from corpus.tables import organisations
from corpus.tables_captures import consent_regions, erased_interviews, erasures

RECORDED_ELSEWHERE = "recorded elsewhere"
NOTICE = "notice"
"""The basis of whoever was told and may object: it is no consent, and enough where the policy is to opt out."""


async def policy_for(tx: AsyncConnection, organisation: OrganisationId, region: str) -> ConsentPolicy:
    """The policy of that region where it has one, else the organisation's."""
    own = of(consent_regions, organisation, region=region).with_only_columns(consent_regions.c.consent_policy)
    found = (await tx.execute(own)).scalar() if region else None
    if found is None:
        found = (await tx.execute(of(organisations, organisation).with_only_columns(organisations.c.consent_policy))).scalar()
    return ConsentPolicy(found or ConsentPolicy.REQUIRED)


async def must_be_open(tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId, but: ErasureId | None = None) -> None:
    """Pass where no erasure of it is under way, or that one alone; ConsentMissing where the candidate withdrew, else Conflict."""
    under_way = _erasures(organisation, interview).where(erasures.c.done_at.is_(None))
    row = (await tx.execute(under_way if but is None else under_way.where(erasures.c.id != but))).first()
    if row is None:
        return
    if row[0] == ErasureKind.WITHDRAWAL:
        raise ConsentMissing("The candidate withdrew: nothing more of this interview is processed", where=interview)
    what = "Parts of the interview are being struck out" if row[0] == ErasureKind.REDACTION else "The interview is being erased"
    raise Conflict(what, where=interview, todo="Look at its receipt: plumbline erase --receipts.")


def basis_of(told: str) -> str:
    """A basis as it goes on record: what stands for no consent of the candidate's own is known however it is spelt."""
    plain = " ".join(told.casefold().replace("_", " ").replace("-", " ").split())
    return plain if plain in (RECORDED_ELSEWHERE, NOTICE) else told.strip()


async def must_be_consented(
    tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId, region: str, consent: Consent | None, name: str
) -> None:
    """Pass where an interview with that consent, if any, may be processed; else ConsentMissing, or Conflict while it is erased."""
    await must_be_open(tx, organisation, interview)
    withdrawn = await _withdrawn(tx, organisation, interview)
    if withdrawn is not None and not _is_given_after(consent, withdrawn):
        raise ConsentMissing(
            f"The candidate withdrew on {withdrawn:%Y-%m-%d}: the interview {name} is not processed without a consent given since",
            todo="Record the new one, in the candidate's name: plumbline consent give.",
        )
    policy = await policy_for(tx, organisation, region)
    enough = consent is not None and (consent.basis != NOTICE or policy is ConsentPolicy.OPT_OUT)
    if enough or policy is ConsentPolicy.RECORDED_ELSEWHERE:
        return
    if policy is ConsentPolicy.OPT_OUT:
        raise ConsentMissing(
            f"No notice to the candidate is on record for the interview {name}",
            todo=f"Record when they were told: plumbline consent give --basis {NOTICE}.",
        )
    raise ConsentMissing(
        f"No consent of the candidate is on record for the interview {name}",
        todo="Record who agreed, when, on what basis and to what, or state that it is recorded elsewhere.",
    )


def _is_given_after(consent: Consent | None, withdrawn: datetime) -> bool:
    # That a consent lies elsewhere, or that somebody was told, does not say that they changed their mind.
    return consent is not None and consent.at > withdrawn and consent.basis not in (RECORDED_ELSEWHERE, NOTICE)


async def _withdrawn(tx: AsyncConnection, organisation: OrganisationId, interview: InterviewId) -> datetime | None:
    query = _erasures(organisation, interview).where(erasures.c.kind.in_([k.value for k in CANDIDATES_WILL]))
    rows = (await tx.execute(query.order_by(erasures.c.at.desc()).limit(1))).first()
    return rows[1] if rows else None


def closing(organisation: OrganisationId) -> Select[Any]:
    """The interviews that are to be erased and are not yet, by id."""
    query = select(erased_interviews.c.interview).select_from(erasures.join(erased_interviews, _reached()))
    return query.where(erasures.c.organisation == organisation, erasures.c.done_at.is_(None))


def _reached() -> ColumnElement[bool]:
    return and_(erased_interviews.c.organisation == erasures.c.organisation, erased_interviews.c.erasure == erasures.c.id)


def _erasures(organisation: OrganisationId, interview: InterviewId) -> Select[Any]:
    query = select(erasures.c.kind, erasures.c.at).select_from(erasures.join(erased_interviews, _reached()))
    return query.where(erasures.c.organisation == organisation, erased_interviews.c.interview == interview)
