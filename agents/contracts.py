"""Signing and amending a contract: each side for itself, and a change only in the hiring manager's own words and with a reason."""

from collections.abc import Mapping
from datetime import UTC, datetime

from agents.desk import interview_id
from agents.language.injections import addressed
from agents.language.proxies import proxy_in
from agents.workbench import Workbench
from alignment.citation import Quote
from alignment.contract import CRITERION_IDS, Contract, Criterion, Side
from alignment.errors import NotPermitted, Refused
from alignment.people import Person, Role, Search
from alignment.record import TranscriptId, derived_id, digest
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from retrieval.verify import verify

LONGEST_LINE = 600
"""Characters of a criterion that somebody can still read aloud."""


async def sign(bench: Workbench, search: Search, name: str) -> Contract:
    """The newest version with that person's signature; IncompleteContract names what is missing, NotPermitted who may sign."""
    side, person = _who(search, name)
    newest = await bench.store.contract(search.organisation, search.id)
    signed = newest.sign(side, person.id, person.name, datetime.now(UTC))
    if signed == newest:
        return newest
    return await bench.store.sign(search.organisation, newest.id, signed.signatures[-1])


async def amend(bench: Workbench, search: Search, name: str, changes: Mapping[str, str], reason: str) -> tuple[Contract, Contract]:
    """The version before and the next one, which nobody has signed; what the manager says now is on record as said now.

    Errors: NotPermitted where it is not the hiring manager, Refused without a reason, without a change, or for a wish that rests on a
    protected trait.
    """
    side, person = _who(search, name)
    if side != "hiring_manager":
        raise NotPermitted(
            f"{person.name} is not the hiring manager", where=search.slug, todo="A criterion changes in the manager's words."
        )
    for id, text in changes.items():
        if not any(c.isalpha() for c in text) or not text.isprintable() or len(text) > LONGEST_LINE:
            told = "A line of the contract is words that one can read aloud"
            raise Refused(f"{told}, at most {LONGEST_LINE} characters", where=id, todo="Say it in a sentence.")
        if addressed(text):
            raise Refused(
                f"“{text}” speaks to a machine reader, which is no criterion", where=id, todo="Say what the person must have done."
            )
        if proxy := proxy_in(text):
            raise Refused(f"“{text}” rests on {proxy.name}, which is no criterion", where=id, todo=proxy.ask)
    newest = await bench.store.contract(search.organisation, search.id)
    held = {c.id: c for c in newest.criteria}
    changes = {id: text for id, text in changes.items() if id not in held or held[id].text != text}
    if not changes:
        raise Refused("Nothing would change", where=f"version {newest.version}", todo="Give another wording with --set.")
    spoken = _spoken(search, person, changes, str(newest.version + 1))
    said = {
        id: verify(Quote(interview=spoken.interview, text=text, speaker=person.name, utterances=(i,)), spoken)
        for i, (id, text) in enumerate(changes.items())
    }
    made = {c.id: c for c in newest.criteria}
    for id in CRITERION_IDS:
        if id in said:
            made[id] = Criterion(id=id, text=changes[id], shown_by=changes[id], said=(said[id],))
    version = newest.next_version(tuple(made[id] for id in CRITERION_IDS if id in made), reason)
    await bench.store.add_intake(search.organisation, search.id, spoken, datetime.now(UTC))
    return newest, await bench.store.add_contract(search.organisation, version)


def _who(search: Search, name: str) -> tuple[Side, Person]:
    sides: tuple[tuple[Side, Person | None], ...] = (("recruiter", search.recruiter), ("hiring_manager", search.hiring_manager))
    for side, person in sides:
        if person and person.name.casefold() == name.strip().casefold():
            return side, person
    names = ", ".join(p.name for _, p in sides if p) or "nobody yet"
    raise NotPermitted(f"{name} is neither recruiter nor hiring manager of this search", where=search.slug, todo=f"Who is: {names}.")


def _spoken(search: Search, person: Person, changes: Mapping[str, str], version: str) -> Transcript:
    """What the manager says in amending, as a record of its own."""
    interview = interview_id(search.id, "intake")
    texts = list(changes.values())
    return Transcript(
        id=TranscriptId(derived_id("trn", interview, "amended", version, *changes, *texts)),
        organisation=search.organisation,
        interview=interview,
        source_format="amendment",
        source_digest=digest(version, *changes, *texts),
        speakers=(
            Speaker(label="hiring_manager", person=person.id, name=person.name, role=Role.HIRING_MANAGER, certainty=Certainty.GIVEN),
        ),
        utterances=tuple(Utterance(index=i, speaker="hiring_manager", text=text) for i, text in enumerate(texts)),
    )
