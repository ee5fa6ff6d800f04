"""`plumbline ingest` and `plumbline reindex`."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.admission import Arrival
from agents.arriving import take_in_transcripts
from agents.folders import criteria_of, take_in, take_in_feedback, take_in_scorecards
from agents.ingestion import Ingested, read_file
from agents.workbench import open_workbench
from alignment.contract import Criterion
from alignment.errors import BadSearch, BadSettings, NotFound
from alignment.settings import load_settings
from api import screen
from api.remote import interviews
from api.remote.chosen import server
from api.session import desk, run, search_called
from corpus.folders import SearchFolder, read_search_folder
from corpus.importers import Parsed


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("ingest")(ingest_files)
    app.command("reindex")(reindex)


def ingest_files(
    paths: Annotated[list[Path], typer.Argument(help="Transcript files of one search, or one whole search folder.")],
    search: Annotated[str, typer.Option("--search", help="The search that the files belong to.")] = "",
    interview: Annotated[str, typer.Option(help="The interview's name; the file's stem by default.")] = "",
    candidate: Annotated[str, typer.Option(help="The candidate's name.")] = "",
    held_on: Annotated[str, typer.Option("--date", help="When the interview was held, as 2026-03-22.")] = "",
    consent: Annotated[str, typer.Option(help="`recorded-elsewhere`, or the basis on which the candidate agreed.")] = "",
    speaker: Annotated[list[str] | None, typer.Option(help="Who a label stands for, as LABEL=NAME; give one a label.")] = None,
    correction: Annotated[str, typer.Option("--correct", help="Why other content for a known interview is its next version.")] = "",
    region: Annotated[str, typer.Option(help="Where the candidate is, as far as another policy on consents holds there: DE, US-NY.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Take transcripts into the record: any of the known formats, told apart by content."""
    if len(paths) == 1 and paths[0].is_dir():
        of_files = {
            "--search": search,
            "--interview": interview,
            "--candidate": candidate,
            "--date": held_on,
            "--correct": correction,
            "--region": region,
        }
        if unfit := [name for name, value in {**of_files, "--speaker": speaker}.items() if value]:
            raise BadSettings(f"{unfit[0]} is for files", where=str(paths[0]), todo="A search folder tells that itself, in search.json.")
        _ingest_folder(paths[0], consent.strip(), as_json)
        return
    arrivals = _arrivals(_read(paths, interview.strip()), candidate.strip(), _day(held_on), dict(_speaker(s) for s in speaker or []))
    arrivals = [replace(a, region=region.strip()) for a in arrivals]
    if not search or not arrivals[0].candidate:
        raise BadSearch(
            "Files need --search and --candidate", where=str(paths[0]), todo="Or name one search folder that holds search.json."
        )
    if remote := server():
        sent = [interviews.Sent(a, path) for a, path in zip(arrivals, paths, strict=True)]
        rows = interviews.put(remote, search, sent, consent.strip(), correction.strip())
    else:
        rows = run(_files(arrivals, search, consent.strip(), correction.strip()))
    _tell(rows, as_json)


def reindex() -> None:
    """Make the index anew from the store, which is the truth."""

    async def work() -> None:
        with screen.progress("Indexing") as advance:
            settings = load_settings()
            async with open_workbench(settings, fresh_index=True, progress=lambda done, of: advance("interviews", done, of)) as bench:
                counted = sum([len(await bench.store.transcripts_current(o.id)) for o in await bench.store.organisations()])
        screen.say(f"The index is made anew from {counted} transcript{'s' if counted != 1 else ''}.")

    run(work())


def _read(paths: list[Path], name: str) -> list[tuple[str, Parsed]]:
    """Every file before the first one is stored, so that a bad one leaves nothing half-imported; each with its interview's name."""
    if name and len(paths) > 1:
        raise BadSearch("--interview names one interview, and there are several files", todo="Leave it out: each file's stem is its name.")
    return [(name or path.stem, read_file(path)) for path in paths]


def _arrivals(parsed: list[tuple[str, Parsed]], candidate: str, held_on: date | None, given: dict[str, str]) -> list[Arrival]:
    """Each file with the mappings of those labels that stand in it; a label that stands in none is refused."""
    for name, n in Counter(name for name, _ in parsed).items():
        if n > 1:
            raise BadSearch(f"{n} files are called {name}", todo="A file's stem is its interview's name: ingest them one by one.")
    labels = list(dict.fromkeys(label for _, p in parsed for label in p.labels))
    for label in given:
        if label not in labels:
            raise NotFound(f"No speaker is labelled “{label}”", where="--speaker", todo=f"The labels are: {', '.join(labels)}.")
    return [Arrival(name, p, candidate, held_on, {k: v for k, v in given.items() if k in p.labels}) for name, p in parsed]


async def _files(arrivals: list[Arrival], slug: str, consent: str, correction: str) -> list[dict[str, Any]]:
    async with desk() as (bench, organisation):
        search = await search_called(bench, organisation, slug)
        with screen.progress("Reading", len(arrivals)) as advance:
            results = await take_in_transcripts(bench, search, arrivals, consent=consent, correction=correction, told=advance)
    return [_row(name, i) for name, i in results]


def _ingest_folder(path: Path, consent: str, as_json: bool) -> None:
    folder = read_search_folder(path)
    has_contract = (path / "gold" / "contract.json").exists()
    criteria: tuple[Criterion, ...] = criteria_of(path, folder) if has_contract else ()
    remote = server()
    rows, written, cards = interviews.put_folder(remote, folder, criteria, consent) if remote else run(_folder(folder, criteria, consent))
    _tell(rows, as_json)
    if not as_json:
        screen.say(f"{written} pieces of feedback and {cards} scorecards are on record for {folder.slug}.")


async def _folder(folder: SearchFolder, criteria: tuple[Criterion, ...], consent: str) -> tuple[list[dict[str, Any]], int, int]:
    async with desk() as (bench, organisation):
        with screen.progress("Reading", len(folder.interviews)) as advance:
            search, ingested = await take_in(bench, organisation.id, folder, criteria, advance, consent=consent)
        feedback = await take_in_feedback(bench, search, folder)
        cards = await take_in_scorecards(bench, search, folder)
    return [_row(name, i) for name, i in ingested], len(feedback), cards


def _tell(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        screen.as_json(rows)
        return
    for row in rows:
        state = f"version {row['version']} on record" if row["new"] else "was on record already, nothing changed"
        screen.say(f"{row['interview']}: {row['utterances']} utterances ({row['format']}), {state}.")
        for broken in row["broken"]:
            screen.say(f"  No longer borne out, now an open question: {broken}", "yellow")
        if row["unmapped"]:
            screen.note(
                f"  Nobody is known by {', '.join(row['unmapped'])}: they are cited by that label. Map one with --speaker 'LABEL=NAME'."
            )


def _row(name: str, i: Ingested) -> dict[str, Any]:
    return {
        "interview": name,
        "transcript": i.transcript.id,
        "version": i.transcript.version,
        "format": i.transcript.source_format,
        "utterances": len(i.transcript.utterances),
        "new": i.new,
        "unmapped": list(i.unmapped),
        "broken": list(i.broken),
    }


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError as e:
        raise BadSettings(f"{told!r} is no date", where="--date", todo="Write it as 2026-03-22.") from e


def _speaker(told: str) -> tuple[str, str]:
    label, equals, name = told.partition("=")
    if not equals or not label.strip() or not name.strip():
        raise BadSettings(f"{told!r} maps nobody", where="--speaker", todo="Write it as LABEL=NAME.")
    return label.strip(), name.strip()
