"""Contract versions and their signatures; nothing here is ever altered."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from alignment.contract import Contract, Signature
from alignment.errors import Conflict, NotFound, Refused
from alignment.events import EventKind
from alignment.record import ContractId, OrganisationId, SearchId
from corpus.rows import Row, contract_from_row, contract_to_row
from corpus.store_connections import Connections, must_be_own, of, require
from corpus.store_events import put_event
from corpus.tables import contracts, people, searches, signatures


class Contracts(Connections):
    """The part of the store that knows what was agreed, version by version."""

    async def add_contract(self, organisation: OrganisationId, contract: Contract) -> Contract:
        """The contract version as it is on record; the same content again is harmless, other content is a Conflict.

        Versions follow one another without a gap. Signatures that the record carries are kept; those on record stay.
        """
        must_be_own(organisation, contract.organisation, "contract")
        row = contract_to_row(contract)
        async with self._write(organisation) as tx:
            await require(tx, searches, organisation, "search", id=contract.search)
            rows = (await tx.execute(of(contracts, organisation, search=contract.search))).mappings().all()
            known = next((r for r in rows if r["version"] == contract.version), None)
            if known is None:
                if contract.version != len(rows) + 1:
                    raise Conflict(f"Version {contract.version} of the contract cannot follow version {len(rows)}")
                await tx.execute(insert(contracts).values(row))
                if contract.version > 1:
                    await _tell(tx, EventKind.CONTRACT_AMENDED, contract)
            elif (known["wording"], known["document"], known["reason"]) != (row["wording"], row["document"], row["reason"]):
                raise Conflict(
                    f"Version {contract.version} of the contract is on record with another content",
                    todo="A contract is never edited: make the next version, with a reason.",
                )
            id = contract.id if known is None else ContractId(known["id"])
            for signature in contract.signatures:
                await _put_signature(tx, await _by_id(tx, organisation, id), signature)
            return await _by_id(tx, organisation, id)

    async def contract(self, organisation: OrganisationId, search: SearchId, version: int | None = None) -> Contract:
        """That version of the search's contract, or the newest; NotFound where there is none."""
        query = of(contracts, organisation, search=search).order_by(contracts.c.version.desc()).limit(1)
        async with self._read() as tx:
            rows = (await tx.execute(query if version is None else query.where(contracts.c.version == version))).mappings().all()
            if not rows:
                which = "contract" if version is None else f"version {version} of the contract"
                raise NotFound(f"There is no {which} for the search {search} in this organisation")
            return (await _load(tx, organisation, rows))[0]

    async def contracts(self, organisation: OrganisationId, search: SearchId) -> tuple[Contract, ...]:
        """Every version of the search's contract, oldest first."""
        async with self._read() as tx:
            await require(tx, searches, organisation, "search", id=search)
            query = of(contracts, organisation, search=search).order_by(contracts.c.version)
            return await _load(tx, organisation, (await tx.execute(query)).mappings().all())

    async def sign(self, organisation: OrganisationId, contract: ContractId, signature: Signature) -> Contract:
        """The contract with that signature; IncompleteContract unless it is 3/2/1, Conflict where another person signed that side."""
        async with self._write(organisation) as tx:
            await _put_signature(tx, await _by_id(tx, organisation, contract), signature)
            return await _by_id(tx, organisation, contract)


async def _put_signature(tx: AsyncConnection, contract: Contract, signature: Signature) -> None:
    held = next((s for s in contract.signatures if s.side == signature.side), None)
    if held is not None:
        if (held.person, held.contract_digest) != (signature.person, signature.contract_digest):
            raise Conflict(f"{held.name} has already signed this version for that side")
        return
    if signature.contract_digest != contract.wording:
        raise Refused("The signature is for another wording of the contract", todo="Read the version on record and sign that.")
    signed = contract.sign(signature.side, signature.person, signature.name, signature.at)
    await require(tx, people, contract.organisation, "person", id=signature.person)
    await tx.execute(insert(signatures).values(organisation=contract.organisation, contract=contract.id, **dict(signature)))
    if signed.signed:
        await _tell(tx, EventKind.CONTRACT_SIGNED, contract)


async def _tell(tx: AsyncConnection, kind: EventKind, contract: Contract) -> None:
    about: dict[str, str | int] = {"search": contract.search, "contract": contract.id, "version": contract.version}
    await put_event(tx, contract.organisation, kind, contract.search, str(contract.version), **about)


async def _by_id(tx: AsyncConnection, organisation: OrganisationId, id: ContractId) -> Contract:
    rows = (await tx.execute(of(contracts, organisation, id=id))).mappings().all()
    if not rows:
        raise NotFound(f"There is no contract {id} in this organisation")
    return (await _load(tx, organisation, rows))[0]


async def _load(tx: AsyncConnection, organisation: OrganisationId, rows: Sequence[Row]) -> tuple[Contract, ...]:
    signed: dict[str, list[Row]] = defaultdict(list)
    ids = [row["id"] for row in rows]
    query = of(signatures, organisation).where(signatures.c.contract.in_(ids)).order_by(signatures.c.at, signatures.c.side)
    for row in (await tx.execute(query)).mappings():
        signed[row["contract"]].append(row)
    return tuple(contract_from_row(row, signed[row["id"]]) for row in rows)
