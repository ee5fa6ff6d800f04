"""Where a contract and an intake stand, as the API and the command line both tell it."""

from agents.conversations.intake import waiting_of
from agents.intake import Session
from agents.intake_agent.captured import Captured
from alignment.contract import Contract
from alignment.people import Search
from api.wire import Changes, ContractState, Drafted, IntakeState


def state_of(contract: Contract) -> ContractState:
    """The contract with what follows from it."""
    signed_by = tuple(s.name for s in contract.signatures if s.contract_digest == contract.wording)
    return ContractState(contract=contract, signed=contract.signed, signed_by=signed_by, gaps=contract.gaps())


def changes_between(older: Contract, newer: Contract) -> Changes:
    """How the newer of two versions differs, with its reason."""
    return Changes(older=older.version, newer=newer.version, reason=newer.reason, changes=newer.changes_since(older))


def drafted(contract: Contract, captured: Captured) -> Drafted:
    """The draft of a captured call with what the call held besides."""
    return Drafted(
        **dict(state_of(contract)),
        unverified=captured.unverified,
        injections=captured.injections,
        judged=captured.by.model_dump(),
    )


def intake_state(search: Search, session: Session) -> IntakeState:
    """Where an intake stands, without what its speakers called their messages."""
    return IntakeState(
        pending=dict(session.pending) if session.pending else None,
        waiting=waiting_of(search, session),
        turns=tuple({"by": t["by"], "text": t["text"], "at": t["at"]} for t in session.turns),
        draft=session.draft,
        missing=session.missing,
        done=session.pending is None,
        ended=session.done,
        contract=state_of(session.contract) if session.contract else None,
    )
