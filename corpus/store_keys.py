"""API keys: whose they are and how far they reach; their secrets are kept as digests alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select, update

from alignment.access import ApiKey
from alignment.errors import NotFound
from alignment.record import KeyId, OrganisationId
from corpus.rows import Row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.tables import api_keys, organisations, people


class Keys(Connections):
    """The part of the store that knows who may call."""

    async def add_key(self, organisation: OrganisationId, key: ApiKey, digest: str) -> ApiKey:
        """The key on record; `digest` is the SHA-256 of its secret, which nobody can turn back."""
        must_be_own(organisation, key.organisation, "key")
        async with self._write(organisation) as tx:
            await require(tx, organisations, organisation, "organisation")
            if key.person is not None:
                await require(tx, people, organisation, "person", id=key.person)
            row = {**key.model_dump(exclude={"scopes"}), "scopes": " ".join(key.scopes), "digest": digest}
            await tx.execute(insert(api_keys).values(row))
        return key

    async def keys(self, organisation: OrganisationId) -> tuple[ApiKey, ...]:
        """The organisation's keys, oldest first, those that are revoked too."""
        async with self._read() as tx:
            rows = (await tx.execute(of(api_keys, organisation).order_by(api_keys.c.at, api_keys.c.id))).mappings()
            return tuple(_key(row) for row in rows)

    async def close_key(self, organisation: OrganisationId, id: KeyId, at: datetime) -> ApiKey:
        """The key, which from now on opens nothing; again is harmless, and one of another organisation is NotFound."""
        async with self._write(organisation) as tx:
            await require(tx, api_keys, organisation, "key", id=id)
            here = and_(api_keys.c.organisation == organisation, api_keys.c.id == id)
            await tx.execute(update(api_keys).where(here, api_keys.c.revoked_at.is_(None)).values(revoked_at=at))
            row = (await tx.execute(of(api_keys, organisation, id=id))).mappings().one()
        return _key(row)

    async def key_by_digest(self, digest: str) -> ApiKey:
        """The key whose secret has that digest, of whatever organisation: it is what tells the organisation; NotFound for none."""
        async with self._read() as tx:
            row = (await tx.execute(select(api_keys).where(api_keys.c.digest == digest))).mappings().first()
        if row is None:
            raise NotFound("There is no such key")
        return _key(row)


def _key(row: Row | Mapping[str, Any]) -> ApiKey:
    held = {name: row[name] for name in ApiKey.model_fields if name != "scopes"}
    return ApiKey(**held, scopes=tuple(row["scopes"].split()))
