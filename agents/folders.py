"""A whole search folder into the record: search, contract, interviews, feedback and scorecards, in that order."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from agents.desk import RECORDED_ELSEWHERE, SearchPlan, SeatPlan, add_feedback, add_scorecard, consent_from, open_interview, open_search
from agents.ingestion import Ingested, ingest, read_file, require_consent
from agents.workbench import Workbench
from alignment.contract import Criterion
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
    # Every file is read before anything is stored, so that a bad one leaves nothing behind.
    parsed = {name: read_file(path) for name, path in folder.interviews.items()}
    search = await open_search(bench, organisation, plan_of(folder, criteria))
    held_on = {p.interview: p.held_on for p in folder.panel}
    results: list[tuple[str, Ingested]] = []
    for name in parsed:
        await require_consent(bench, search, name, bool(consent))
    for name, transcript in parsed.items():
        interview = await open_interview(bench, search, name, folder.candidate, held_on=held_on.get(name))
        stated = consent_from(consent, interview.candidate.id) if consent and interview.consent is None else None
        results.append((name, await ingest(bench, organisation, interview, transcript, consent=stated)))
        told(name)
    return search, results


async def take_in_feedback(bench: Workbench, search: Search, folder: SearchFolder) -> list[Feedback]:
    """The folder's feedback on record, in the file's order."""
    return [await add_feedback(bench, search, row.interview, row.interviewer, row.raw, name=row.id) for row in folder.feedback]


async def take_in_scorecards(bench: Workbench, search: Search, folder: SearchFolder) -> int:
    """The folder's scorecards on record, one an interviewer and interview; the number of scorecards."""
    grades: dict[tuple[str, str], list[Grade]] = defaultdict(list)
    seats = {p.name: p.interview for p in folder.panel}
    for row in folder.scorecards:
        grades[seats[row.interviewer], row.interviewer].append(Grade(criterion=row.criterion, grade=row.grade))
    for (interview, interviewer), given in grades.items():
        await add_scorecard(bench, search, interview, interviewer, given)
    return len(grades)


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
