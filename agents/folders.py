"""A whole search folder into the record: search, contract, interviews, feedback and scorecards, in that order."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from agents.admission import Arrival, admit
from agents.desk import RECORDED_ELSEWHERE, SearchPlan, SeatPlan, add_feedback, add_scorecard, consent_from, open_interview, open_search
from agents.ingestion import Ingested, ingest, read_file
from agents.workbench import Workbench
from alignment.contract import Criterion
from alignment.errors import BadSearch, NotFound
from alignment.feedback import Feedback
from alignment.people import Search
from alignment.record import OrganisationId
from alignment.scorecard import Grade
from corpus.folders import SearchFolder, read_gold_contract

Told = Callable[[str], None]


async def take_in(
    bench: Workbench,
    organisation: OrganisationId,
    folder: SearchFolder,
    criteria: tuple[Criterion, ...],
    told: Told,
    *,
    consent: str = RECORDED_ELSEWHERE,
) -> tuple[Search, list[tuple[str, Ingested]]]:
    """The folder's search with its contract and every transcript on record, and what each came to; `told` hears of each file.

    An empty `consent` states none: an interview without one on record is then refused.
    """
    # Every file is read and admitted before anything is stored, so that a bad one leaves nothing behind.
    check_writers(folder)
    held_on = {p.interview: p.held_on for p in folder.panel}
    arrivals = [Arrival(name, read_file(path), folder.candidate, held_on.get(name)) for name, path in folder.interviews.items()]
    await admit(bench, organisation, await _search_of(bench, organisation, folder), arrivals, consent=consent)
    search = await open_search(bench, organisation, plan_of(folder, criteria))
    results: list[tuple[str, Ingested]] = []
    for arrival in arrivals:
        interview = await open_interview(bench, search, arrival.name, arrival.candidate, held_on=arrival.held_on)
        stated = consent_from(consent, interview.candidate.id) if consent and interview.consent is None else None
        results.append((arrival.name, await ingest(bench, organisation, interview, arrival.parsed, consent=stated)))
        told(arrival.name)
    return search, results


async def take_in_feedback(bench: Workbench, search: Search, folder: SearchFolder) -> list[Feedback]:
    """The folder's feedback on record, in the file's order."""
    return [await add_feedback(bench, search, row.interview, row.interviewer, row.raw, name=row.id) for row in folder.feedback]


async def take_in_scorecards(bench: Workbench, search: Search, folder: SearchFolder) -> int:
    """The folder's scorecards on record; the number of scorecards."""
    cards = cards_of(folder)
    for (interview, interviewer), given in cards.items():
        await add_scorecard(bench, search, interview, interviewer, given)
    return len(cards)


def cards_of(folder: SearchFolder) -> dict[tuple[str, str], list[Grade]]:
    """The folder's grades as scorecards, one an interview and interviewer."""
    grades: dict[tuple[str, str], list[Grade]] = defaultdict(list)
    seats = {p.name: p.interview for p in folder.panel}
    for row in folder.scorecards:
        grades[seats[row.interviewer], row.interviewer].append(Grade(criterion=row.criterion, grade=row.grade))
    return grades


def criteria_of(path: Path, folder: SearchFolder) -> tuple[Criterion, ...]:
    """The criteria of the folder's gold contract, each with the words of the intake that it says it rests on."""
    return read_gold_contract(path, read_file(folder.intake) if folder.intake else None)


def plan_of(folder: SearchFolder, criteria: tuple[Criterion, ...]) -> SearchPlan:
    """The folder's search as the desk takes it."""
    return SearchPlan(
        slug=folder.slug,
        title=folder.title,
        recruiter=folder.recruiter,
        hiring_manager=folder.hiring_manager,
        role_family=folder.role_family,
        company_kind=folder.company_kind,
        panel=tuple(SeatPlan(p.name, p.interview, p.stage, tuple(p.focus)) for p in folder.panel),
        criteria=criteria,
        contract_version=folder.contract_version,
    )


def check_writers(folder: SearchFolder) -> None:
    """Pass where all who wrote feedback take part in the search, whose interviews outside the plan have no panel; else BadSearch."""
    known = sorted({folder.recruiter, folder.hiring_manager, *[seat.name for seat in folder.panel]})
    for row in folder.feedback:
        if row.interviewer not in known:
            raise BadSearch(f"{row.interviewer} does not take part", where=f"feedback {row.id}", todo=f"Who does: {', '.join(known)}.")


async def _search_of(bench: Workbench, organisation: OrganisationId, folder: SearchFolder) -> Search | None:
    try:
        return await bench.store.search_by_slug(organisation, folder.slug)
    except NotFound:
        return None
