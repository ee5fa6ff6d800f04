"""One debrief: gather what it rests on, run the referee's graph, and let nobody read it before they may."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from agents import packets
from agents.debrief_referee.graph import RefereeContext, build
from agents.debrief_referee.material import Material, Reading
from agents.debrief_referee.places import citation_of
from agents.debrief_referee.worded import Worded
from agents.desk import person_on
from agents.feedback_shaper.checking import injected
from agents.feedback_shaper.state import ClaimState
from agents.turns import shape
from agents.workbench import Workbench
from alignment.contract import Contract
from alignment.debrief import Debrief
from alignment.errors import NotFound, NotPermitted, PlumblineError, Refused
from alignment.feedback import Feedback, InjectionReport, Polarity, Reply, Shaping, Verdict
from alignment.people import Interview, Person, Role, Search
from alignment.record import ClaimId, InterviewId, OrganisationId, PersonId
from alignment.transcript import Transcript
from retrieval.nearness import nearness

_REFEREE = build()
_RESTS = (Verdict.SUPPORTED, Verdict.CONTRADICTED)


async def debrief_for(bench: Workbench, search: Search, name: str, candidate: str = "") -> tuple[Debrief, Material]:
    """The packet for somebody by name; NotPermitted for whoever may not read it, Refused while scorecards are missing.

    The recruiter, the hiring manager, and whoever interviewed that candidate read it, once every scorecard is in or the round is closed;
    whose own is missing reads nothing, also when it is.
    """
    reader, packet, material = await reading_of(bench, search, name, candidate)
    if sealed := await sealed_for(bench, search, reader, packet, material):
        raise sealed
    return packet, material


async def reading_of(bench: Workbench, search: Search, name: str, candidate: str = "") -> tuple[Person, Debrief, Material]:
    """Who reads, the whole packet, and what it rests on; NotPermitted for whoever has no part in that candidate's interviews."""
    reader = await person_on(bench, search, name)
    packet, material = await debrief(bench, search, await _candidate_called(bench, search, candidate))
    leads = {p.id for p in (search.recruiter, search.hiring_manager) if p}
    if reader.id not in leads and reader.id not in material.seats:
        raise NotPermitted(f"{reader.name} did not interview {material.candidate.name}", where=search.slug)
    return reader, packet, material


async def sealed_for(bench: Workbench, search: Search, reader: Person, packet: Debrief, material: Material) -> PlumblineError | None:
    """Why others' grades and claims are still hidden from a reader; None once the packet is open to them."""
    if reader.id in packet.waiting:
        return NotPermitted(
            f"{reader.name}'s own scorecard is not in, and nobody reads the others' before it",
            where=search.slug,
            todo="Add it with plumbline scorecard add.",
        )
    if packet.waiting and not await bench.store.round_closed(search.organisation, search.id, material.candidate.id):
        names = ", ".join(material.called(p) for p in packet.waiting)
        return Refused(
            f"The round is open: no scorecard yet from {names}",
            where=search.slug,
            todo="Add it with plumbline scorecard add, or let the recruiter close the round with --close.",
        )
    return None


async def candidates_read_by(bench: Workbench, search: Search, reader: PersonId) -> tuple[Person, ...]:
    """Whose packets somebody may read once they open, told without gathering any: the leads everybody's, others those they interviewed."""
    held = await bench.store.interviews(search.organisation, search.id)
    if reader in {p.id for p in (search.recruiter, search.hiring_manager) if p}:
        mine = {i.id for i in held}
    else:
        mine = {s.interview for s in search.panel if s.person == reader}
        mine |= {c.interview for c in await bench.store.scorecards(search.organisation, search.id, None) if c.interviewer == reader}
        mine |= {f.interview for f in await bench.store.feedback_of(search.organisation, search=search.id) if f.interviewer == reader}
    return tuple({i.candidate.id: i.candidate for i in held if i.id in mine}.values())


async def own_part(bench: Workbench, material: Material, reader: PersonId) -> tuple[Debrief, Material]:
    """The packet as it is without anybody's grades and claims but the reader's own."""
    return await packets.kept(bench, material.search, f"{material.candidate.id} {reader}", lambda: _own(material, reader))


async def _own(material: Material, reader: PersonId) -> tuple[Debrief, Material]:
    own = replace(
        material,
        cards=tuple(c for c in material.cards if c.interviewer == reader),
        readings=tuple(r for r in material.readings if r.interviewer == reader),
        injections=tuple(i for i in material.injections if i.feedback is None),
    )
    return await refereed(own), own


async def refereed(material: Material) -> Debrief:
    """The packet over what was gathered."""
    state: Any = await _REFEREE.ainvoke({}, context=RefereeContext(material))
    return cast(Debrief, state["debrief"])


async def close_round(bench: Workbench, search: Search, name: str, candidate: str, at: datetime) -> None:
    """Close a candidate's round as the search's recruiter; NotPermitted for anybody else."""
    by = await person_on(bench, search, name)
    interviews = _of_candidate(
        search, await bench.store.interviews(search.organisation, search.id), await _candidate_called(bench, search, candidate)
    )
    await bench.store.close_round(search.organisation, search.id, interviews[0].candidate.id, by.id, at)


async def _candidate_called(bench: Workbench, search: Search, name: str) -> PersonId | None:
    return (await person_on(bench, search, name, roles=(Role.CANDIDATE,))).id if name else None


async def debrief(bench: Workbench, search: Search, candidate: PersonId | None = None) -> tuple[Debrief, Material]:
    """The packet for a candidate, and what it rests on; NotFound where the search has no such candidate, or several and none is named."""
    return await packets.kept(bench, search, candidate or "", lambda: _whole(bench, search, candidate))


async def _whole(bench: Workbench, search: Search, candidate: PersonId | None) -> tuple[Debrief, Material]:
    material = await gather(bench, search, candidate)
    return await refereed(material), material


async def gather(
    bench: Workbench, search: Search, candidate: PersonId | None = None, *, settled: bool = False, version: int | None = None
) -> Material:
    """Everything of one candidate under a contract version, the newest of their interviews' where none is given.

    Feedback that nobody has shaped yet is shaped, or with `settled` left out until its author answers. Grades and claims on another wording
    of a criterion than that version's are not laid beside those on it.
    """
    organisation = search.organisation
    closing = await bench.store.interviews_closing(organisation)
    held = [i for i in await bench.store.interviews(organisation, search.id) if i.id not in closing]
    interviews = _of_candidate(search, held, candidate)
    transcripts = {i.id: t for i in interviews if (t := await _transcript(bench, organisation, i.id))}
    contract = await _contract(bench, search, interviews, version)
    worded = Worded(contract, await bench.store.contracts(organisation, search.id))
    given = [c for c in await bench.store.scorecards(organisation, search.id, None) if c.interview in {i.id for i in interviews}]
    cards = [worded.card(c) for c in given]
    readings: list[Reading] = []
    injections: list[InjectionReport] = _spoken_to_an_ai(transcripts)
    for feedback in await bench.store.feedback_of(organisation, search=search.id):
        if feedback.interview in transcripts:
            readings += await _readings(bench, organisation, feedback, transcripts[feedback.interview], settled)
            injections += [InjectionReport(feedback=feedback.id, words=words) for words in injected(feedback.raw)]
    return Material(
        search=search,
        candidate=interviews[0].candidate,
        contract=contract,
        interviews=interviews,
        transcripts=transcripts,
        cards=tuple(cards),
        readings=tuple(worded.reading(r) for r in readings),
        injections=tuple(injections),
        near=await _near(bench, organisation, transcripts, contract),
        people={p.id: p.name for p, _ in await bench.store.people_of(organisation, search.id)},
        to_come=_to_come(search, held),
        reworded=sum(len(a.grades) - len(b.grades) for a, b in zip(given, cards, strict=True)),
    )


async def waiting_for(bench: Workbench, search: Search, candidate: PersonId) -> tuple[int, tuple[PersonId, ...]]:
    """The contract version of a candidate's packet, and of whom a scorecard is missing, without gathering what the packet rests on."""
    held = await bench.store.interviews(search.organisation, search.id)
    interviews = _of_candidate(search, held, candidate)
    contract = await _contract(bench, search, interviews, None)
    nothing: dict[Any, Any] = {}
    material = Material(
        search=search,
        candidate=interviews[0].candidate,
        contract=contract,
        interviews=interviews,
        transcripts=nothing,
        cards=await bench.store.scorecards(search.organisation, search.id, None),
        readings=(),
        injections=(),
        near=nothing,
        people=nothing,
        to_come=_to_come(search, held),
    )
    return contract.version, material.waiting


async def _near(bench: Workbench, organisation: OrganisationId, interviews: Iterable[InterviewId], contract: Contract) -> dict[Any, Any]:
    """How near every utterance of each interview is to each criterion."""
    return {
        (i, c.id): await nearness(f"{c.text} {c.shown_by}".strip(), organisation, i, index=bench.index, embedder=bench.embedder)
        for i in interviews
        for c in contract.criteria
    }


def _to_come(search: Search, held: Iterable[Interview]) -> tuple[PersonId, ...]:
    """Whose interview is planned and not on record; of several candidates nobody can tell whose it will be."""
    known = {i.id: i.candidate.id for i in held}
    if len(set(known.values())) > 1:
        return ()
    return tuple(dict.fromkeys(s.person for s in search.panel if s.interview not in known))


def _of_candidate(search: Search, interviews: Iterable[Interview], candidate: PersonId | None) -> tuple[Interview, ...]:
    held = tuple(interviews)
    names = {i.candidate.id: i.candidate.name for i in held}
    if candidate is None and len(names) > 1:
        listed = ", ".join(sorted(names.values()))
        raise NotFound("The search has several candidates", where=search.slug, todo=f"Name one of them: {listed}.")
    found = tuple(i for i in held if candidate in (None, i.candidate.id))
    if not found:
        what = "No interview with that candidate is on record" if candidate else "No interview is on record yet"
        raise NotFound(what, where=search.slug, todo="Ingest a transcript first.")
    return found


async def _transcript(bench: Workbench, organisation: OrganisationId, interview: InterviewId) -> Transcript | None:
    try:
        return await bench.store.transcript(organisation, interview)
    except NotFound:
        return None


async def _contract(bench: Workbench, search: Search, interviews: Iterable[Interview], version: int | None) -> Contract:
    """The version under which the interviews were held: the newest of theirs where none is given."""
    versions = [i.contract_version for i in interviews if i.contract_version]
    return await bench.store.contract(search.organisation, search.id, version or max(versions, default=None))


def _spoken_to_an_ai(transcripts: dict[InterviewId, Transcript]) -> list[InjectionReport]:
    found = []
    for transcript in transcripts.values():
        for u in transcript.utterances:
            for words in injected(u.text):
                found.append(InjectionReport(moment=citation_of(transcript, words, u.speaker, u.index), words=words))
    return found


async def _readings(
    bench: Workbench, organisation: OrganisationId, feedback: Feedback, transcript: Transcript, settled: bool
) -> list[Reading]:
    known = await bench.store.shapings(organisation, feedback.id)
    if known or settled:
        return [reading for shaping in known[-1:] for reading in _settled(feedback, shaping)]
    turn = await shape(bench, organisation, feedback.id)
    return [_standing(feedback, claim, transcript) for claim in turn.claims if claim["reply"] != Reply.WITHDRAW]


def _standing(feedback: Feedback, claim: ClaimState, transcript: Transcript) -> Reading:
    """A claim that nobody has answered yet, as it is shown."""
    verdict = Verdict(claim["verdict"])
    return _reading(
        feedback,
        claim=claim["id"],
        span=claim["span"],
        criterion=claim["criterion"],
        polarity=Polarity(claim["polarity"]),
        verdict=verdict,
        rests=claim["asserted"] and verdict in _RESTS,
        moments=tuple(c for q in claim["quotes"] if (c := citation_of(transcript, q["text"], q["speaker"], q["utterances"][0]))),
    )


def _settled(feedback: Feedback, shaping: Shaping) -> Iterable[Reading]:
    claims = {c.id: c for c in shaping.claims}
    for s in shaping.statements:
        c = claims[s.claim]
        yield _reading(
            feedback, claim=c.id, span=c.span, criterion=s.criterion, polarity=c.polarity, verdict=s.verdict, rests=True,
            moments=s.citations, statement=s.id,
        )  # fmt: skip
    for q in shaping.questions:
        c = claims[q.claim]
        yield _reading(
            feedback, claim=c.id, span=c.span, criterion=q.criterion, polarity=c.polarity, verdict=q.verdict, rests=False, moments=q.moments
        )
    for a in shaping.set_aside:
        c = claims[ClaimId(a.claim)]
        yield _reading(feedback, claim=c.id, span=c.span, criterion=None, polarity=c.polarity, verdict=Verdict.NOT_JOB_RELATED, rests=False)


def _reading(feedback: Feedback, **told: Any) -> Reading:
    return Reading(
        feedback=feedback.id,
        name=feedback.name or feedback.id,
        interviewer=feedback.interviewer,
        interview=feedback.interview,
        contract_version=feedback.contract_version,
        **told,
    )
