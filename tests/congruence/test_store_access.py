"""Keys, the audit log and kept requests, the same on every database."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from alignment.access import Access, ApiKey, KeyRole
from alignment.errors import KeyReused, NotFound, Underway
from alignment.record import KeyId, OrganisationId, new_id
from corpus.store import Store
from corpus.store_requests import KeptReply
from corpus.tables import audit_log
from tests.congruence.story import AT

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def org(store: Store) -> OrganisationId:
    return (await store.create_organisation(f"Acme {new_id('x')}")).id


def a_key(org: OrganisationId, id: str = "") -> ApiKey:
    return ApiKey(id=KeyId(id or new_id("key")), organisation=org, role=KeyRole.SERVICE, scopes=(Access.READ, Access.WRITE), at=AT)


async def test_a_key_is_found_by_the_digest_of_its_secret_and_by_nothing_else(store: Store, org: OrganisationId) -> None:
    kept = await store.add_key(org, a_key(org), f"digest {org}")
    assert await store.key_by_digest(f"digest {org}") == kept
    with pytest.raises(NotFound):
        await store.key_by_digest("another")


async def test_a_closed_key_stays_on_record_with_when_it_was_closed_first(store: Store, org: OrganisationId) -> None:
    kept = await store.add_key(org, a_key(org), f"digest {org}")
    first = await store.close_key(org, kept.id, AT + MINUTE)
    assert first.revoked_at == AT + MINUTE
    assert await store.close_key(org, kept.id, AT + 2 * MINUTE) == first
    assert await store.keys(org) == (first,)


async def test_audit_lines_are_numbered_and_chained_in_their_order(store: Store, org: OrganisationId) -> None:
    lines = [await store.add_audit(org, at=AT, action=f"read {n}", status=200, detail={"z": str(n), "a": "first"}) for n in range(5)]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert await store.audit(org, limit=2) == tuple(lines[:2])
    assert await store.audit(org, after=2) == tuple(lines[2:])
    assert await store.audit_broken(org) is None


async def test_a_line_that_was_altered_behind_the_stores_back_shows(store: Store, org: OrganisationId) -> None:
    for n in range(4):
        await store.add_audit(org, at=AT, action=f"read {n}", status=200)
    async with store._write(org) as tx:
        forged = update(audit_log).where(audit_log.c.organisation == org, audit_log.c.number == 3).values(action="nothing")
        await tx.execute(forged)
    assert await store.audit_broken(org) == 3


async def test_a_request_is_answered_once_and_told_the_same_after_that(store: Store, org: OrganisationId) -> None:
    given: dict[str, Any] = {"owner": "one", "at": AT, "lease": MINUTE}
    assert await store.record_request(org, "key", "name", "digest", **given) is None
    reply = KeptReply(status=201, headers='{"Location": "/x"}', body="{}")
    await store.save_reply(org, "key", "name", reply)
    assert await store.record_request(org, "key", "name", "digest", **given) == reply
    with pytest.raises(KeyReused):
        await store.record_request(org, "key", "name", "another digest", **given)
    assert await store.record_request(org, "another key", "name", "digest", **given) is None


async def test_one_that_is_being_answered_is_not_answered_twice_at_once(store: Store, org: OrganisationId) -> None:
    assert await store.record_request(org, "key", "name", "digest", owner="one", at=AT, lease=MINUTE) is None
    with pytest.raises(Underway):
        await store.record_request(org, "key", "name", "digest", owner="one", at=AT + MINUTE / 2, lease=MINUTE)
    # The lease is over, or another process has taken the place of the one that began it.
    assert await store.record_request(org, "key", "name", "digest", owner="one", at=AT + 2 * MINUTE, lease=MINUTE) is None
    assert await store.record_request(org, "key", "name", "digest", owner="two", at=AT + 2 * MINUTE, lease=MINUTE) is None


async def test_what_failed_is_forgotten_and_what_is_a_day_old_too(store: Store, org: OrganisationId) -> None:
    given: dict[str, Any] = {"owner": "one", "lease": MINUTE}
    await store.record_request(org, "key", "failed", "digest", at=AT, **given)
    await store.save_reply(org, "key", "failed", None)
    assert await store.record_request(org, "key", "failed", "other", at=AT, **given) is None
    await store.save_reply(org, "key", "failed", KeptReply(status=200, headers="{}", body="old"))
    assert await store.record_request(org, "key", "failed", "anew", at=AT + timedelta(days=2), **given) is None
