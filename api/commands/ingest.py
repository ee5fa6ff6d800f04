"""`plumbline ingest` and `plumbline reindex`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.desk import consent_from, open_interview
from agents.folders import criteria_of, take_in, take_in_feedback, take_in_scorecards
from agents.ingestion import Ingested, ingest, read_file, require_consent
from agents.workbench import open_workbench
from alignment.contract import Criterion
from alignment.errors import BadSearch, BadSettings
from alignment.settings import load_settings
from api import screen
from api.session import desk, run, search_called
from corpus.folders import read_search_folder


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Take transcripts into the record: any of the known formats, told apart by content."""
    if len(paths) == 1 and paths[0].is_dir():
        run(_folder(paths[0], consent, as_json))
        return
    run(_files(paths, search, interview, candidate, held_on, consent, speaker or [], correction, as_json))


def reindex() -> None:
    """Make the index anew from the store, which is the truth."""

    async def work() -> None:
        with screen.progress("Indexing") as advance:
            settings = load_settings()
            async with open_workbench(settings, fresh_index=True, progress=lambda done, of: advance("interviews", done, of)) as bench:
                counted = sum([len(await bench.store.transcripts_current(o.id)) for o in await bench.store.organisations()])
        screen.say(f"The index is made anew from {counted} transcript{'s' if counted != 1 else ''}.")

    run(work())


async def _files(
    paths: list[Path], slug: str, name: str, candidate: str, held_on: str, consent: str, speaker: list[str], correction: str, as_json: bool
) -> None:
    if not slug or not candidate:
        raise BadSearch(
            "Files need --search and --candidate", where=str(paths[0]), todo="Or name one search folder that holds search.json."
        )
    if name and len(paths) > 1:
        raise BadSearch("--interview names one interview, and there are several files", todo="Leave it out: each file's stem is its name.")
    # Every file is read before the first one is stored, so that a bad one leaves nothing half-imported.
    parsed = [(name or p.stem, read_file(p)) for p in paths]
    day, given = _day(held_on), dict(_speaker(s) for s in speaker)
    async with desk() as (bench, organisation):
        found = await search_called(bench, organisation, slug)
        for interview_name, _ in parsed:
            await require_consent(bench, found, interview_name, bool(consent))
        results = []
        with screen.progress("Reading", len(parsed)) as advance:
            for interview_name, transcript in parsed:
                held = await open_interview(bench, found, interview_name, candidate, held_on=day)
                stated = consent_from(consent, held.candidate.id) if consent and held.consent is None else None
                labels = {k: v for k, v in given.items() if k in transcript.labels or len(parsed) == 1}
                results.append(
                    (
                        interview_name,
                        await ingest(bench, organisation.id, held, transcript, given=labels, consent=stated, correction=correction),
                    )
                )
                advance(interview_name)
    _tell(results, as_json)


async def _folder(path: Path, consent: str, as_json: bool) -> None:
    folder = read_search_folder(path)
    has_contract = (path / "gold" / "contract.json").exists()
    criteria: tuple[Criterion, ...] = criteria_of(path, folder) if has_contract else ()
    async with desk() as (bench, organisation):
        with screen.progress("Reading", len(folder.interviews)) as advance:
            search, ingested = await take_in(bench, organisation.id, folder, criteria, advance, consent=consent)
        feedback = await take_in_feedback(bench, search, folder)
        cards = await take_in_scorecards(bench, search, folder)
    _tell(ingested, as_json)
    if not as_json:
        screen.say(f"{len(feedback)} pieces of feedback and {cards} scorecards are on record for {search.slug}.")


def _tell(results: list[tuple[str, Ingested]], as_json: bool) -> None:
    if as_json:
        screen.as_json([_row(name, i) for name, i in results])
        return
    for name, i in results:
        state = f"version {i.transcript.version} on record" if i.new else "was on record already, nothing changed"
        screen.say(f"{name}: {len(i.transcript.utterances)} utterances ({i.transcript.source_format}), {state}.")
        for broken in i.broken:
            screen.say(f"  No longer borne out, now an open question: {broken}", "yellow")
        if i.unmapped:
            screen.note(f"  Nobody is known by {', '.join(i.unmapped)}: they are cited by that label. Map one with --speaker 'LABEL=NAME'.")


def _row(name: str, i: Ingested) -> dict[str, Any]:
    return {
        "interview": name,
        "transcript": i.transcript.id,
        "version": i.transcript.version,
        "format": i.transcript.source_format,
        "utterances": len(i.transcript.utterances),
        "new": i.new,
        "unmapped": list(i.unmapped),
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
