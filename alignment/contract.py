"""The alignment contract: three must-haves, two trade-offs, one deal-breaker, versioned and signed by both sides."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from alignment.citation import Citation
from alignment.errors import IncompleteContract, Refused
from alignment.record import ContractId, OrganisationId, PersonId, Record, SearchId, Text, derived_id, digest

CriterionId = Literal["M1", "M2", "M3", "T1", "T2", "D1"]
CRITERION_IDS: tuple[CriterionId, ...] = ("M1", "M2", "M3", "T1", "T2", "D1")
SIGNING_SIDES: tuple[Literal["recruiter", "hiring_manager"], ...] = ("recruiter", "hiring_manager")
Side = Literal["recruiter", "hiring_manager"]


class CriterionKind(StrEnum):
    """Which of the contract's three lists a criterion stands in."""

    MUST_HAVE = "must_have"
    TRADE_OFF = "trade_off"
    DEAL_BREAKER = "deal_breaker"


KINDS = {"M": CriterionKind.MUST_HAVE, "T": CriterionKind.TRADE_OFF, "D": CriterionKind.DEAL_BREAKER}
SPOKEN_KINDS = {
    CriterionKind.MUST_HAVE: "must-have",
    CriterionKind.TRADE_OFF: "trade-off",
    CriterionKind.DEAL_BREAKER: "deal-breaker",
}


class Criterion(Record):
    """One line of the contract, known everywhere by its stable id.

    `shown_by` is what one would see or hear that shows it, in the words of the intake where there was one.
    """

    id: CriterionId
    text: Text
    shown_by: str = ""
    said: tuple[Citation, ...] = ()

    @property
    def kind(self) -> CriterionKind:
        """Must-have, trade-off or deal-breaker, by the id's letter."""
        return KINDS[self.id[0]]

    @property
    def spoken(self) -> str:
        """How people say it: "trade-off #2", and "the deal-breaker", of which there is one."""
        kind = SPOKEN_KINDS[self.kind]
        return f"the {kind}" if self.kind is CriterionKind.DEAL_BREAKER else f"{kind} #{self.id[1]}"


class Incentive(Record):
    """What one side is measured on, as voiced at intake."""

    side: Side
    text: Text
    said: tuple[Citation, ...] = ()


class Demoted(Record):
    """A wish that was voiced and did not make it onto the contract."""

    text: Text
    reason: Text
    said: tuple[Citation, ...] = ()


class Signature(Record):
    """One side's yes to exactly this wording."""

    side: Side
    person: PersonId
    name: Text
    at: datetime
    contract_digest: str


class Change(Record):
    """How one criterion differs between two versions; `before` or `after` is None where there was none."""

    id: CriterionId
    before: str | None
    after: str | None
    reason: str


class Contract(Record):
    """One version of a search's alignment contract; an incomplete one is legal until somebody signs."""

    id: ContractId
    organisation: OrganisationId
    search: SearchId
    version: int
    criteria: tuple[Criterion, ...] = ()
    incentives: tuple[Incentive, ...] = ()
    demoted: tuple[Demoted, ...] = ()
    open_questions: tuple[str, ...] = ()
    reason: str = ""
    signatures: tuple[Signature, ...] = ()

    @model_validator(mode="after")
    def _each_id_once(self) -> Self:
        ids = [c.id for c in self.criteria]
        if len(ids) != len(set(ids)):
            raise ValueError(f"a criterion id stands twice: {', '.join(ids)}")
        if self.version < 1:
            raise ValueError("versions count from 1")
        return self

    def criterion(self, id: str) -> Criterion | None:
        """The criterion with that id, or None where this version has none."""
        return next((c for c in self.criteria if c.id == id), None)

    def gaps(self) -> tuple[CriterionId, ...]:
        """The ids that still have no text; empty when the contract is 3/2/1."""
        held = {c.id for c in self.criteria}
        return tuple(id for id in CRITERION_IDS if id not in held)

    @property
    def wording(self) -> str:
        """SHA-256 over version, ids and texts: what a signature signs."""
        lines = [f"{c.id} {c.text}" for c in sorted(self.criteria, key=lambda c: c.id)]
        return digest(self.search, str(self.version), *lines)

    @property
    def signed(self) -> bool:
        """Whether both sides have signed exactly this wording."""
        valid = {s.side for s in self.signatures if s.contract_digest == self.wording}
        return valid == set(SIGNING_SIDES)

    def sign(self, side: Side, person: PersonId, name: str, at: datetime) -> "Contract":
        """The contract with that side's signature; IncompleteContract names what is missing, Refused one person for both sides."""
        if missing := self.gaps():
            raise IncompleteContract(
                f"Version {self.version} of the contract has no {', '.join(missing)}",
                todo="A contract is signed with three must-haves, two trade-offs and one deal-breaker.",
            )
        standing = [s for s in self.signatures if s.contract_digest == self.wording]
        if any(s.side == side for s in standing):
            return self
        if any(s.person == person for s in standing):
            raise Refused(
                f"{name} has signed version {self.version} for the other side",
                where="contract",
                todo="Recruiter and hiring manager sign each for themselves.",
            )
        signature = Signature(side=side, person=person, name=name, at=at, contract_digest=self.wording)
        return self.model_copy(update={"signatures": (*self.signatures, signature)})

    def next_version(self, criteria: tuple[Criterion, ...], reason: str) -> "Contract":
        """The next version with other criteria; nobody has signed it, and it needs a reason."""
        if not reason.strip():
            raise Refused(
                "A contract changes only with a reason",
                where=f"version {self.version}",
                todo="Say in one sentence why the criteria change.",
            )
        version = self.version + 1
        return Contract(
            **{
                **dict(self),
                "id": ContractId(derived_id("ctr", self.search, str(version))),
                "version": version,
                "criteria": criteria,
                "reason": reason.strip(),
                "signatures": (),
            }
        )

    def changes_since(self, older: "Contract") -> tuple[Change, ...]:
        """What differs from an older version, criterion by criterion, with this version's reason."""
        changes = []
        for id in CRITERION_IDS:
            before, after = older.criterion(id), self.criterion(id)
            texts = (before.text if before else None, after.text if after else None)
            if texts[0] != texts[1]:
                changes.append(Change(id=id, before=texts[0], after=texts[1], reason=self.reason))
        return tuple(changes)
