"""`plumbline capture` and `plumbline jobs`: recordings become transcripts, and how far each has come."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.captures import Jobs, Of, Order, open_jobs, pieces_of, take_in
from agents.captures.telling import heard, told, with_words
from agents.workbench import Workbench
from alignment.capture import CaptureState
from alignment.errors import BadSearch, Conflict, NotFound
from alignment.people import Interview
from alignment.record import CaptureId
from alignment.settings import load_settings
from alignment.transcript import clock
from api import screen
from api.remote import captures as remote_captures
from api.remote.chosen import server
from api.session import desk, run, search_called
from corpus.tracks import Track, read_track

jobs_app = typer.Typer(help="Recordings that wait, are being heard, or could not be.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Which = Annotated[str, typer.Argument(help="The capture's id; its first characters are enough.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command("capture")(capture)
    app.add_typer(jobs_app, name="jobs")


def capture(
    path: Annotated[Path, typer.Argument(help="The recording: audio or video of any kind, up to four hours.", metavar="FILE")],
    search: Annotated[str, typer.Option("--search", help="The search that it belongs to; without one nothing is put on record.")] = "",
    interview: Annotated[str, typer.Option(help="The interview's name; the file's stem by default.")] = "",
    candidate: Annotated[str, typer.Option(help="The candidate's name, for an interview that is not on record.")] = "",
    held_on: Annotated[str, typer.Option("--date", help="When the interview was held, as 2026-03-22.")] = "",
    consent: Annotated[str, typer.Option(help="`recorded-elsewhere`, or the basis on which the candidate agreed.")] = "",
    region: Annotated[str, typer.Option(help="Where the candidate is, as far as another policy on consents holds there: DE, US-NY.")] = "",
    speaker: Annotated[list[str] | None, typer.Option(help="Who a label stands for, as LABEL=NAME; give one a label.")] = None,
    language: Annotated[str, typer.Option(help="The language's code, such as en; it is found where the model knows several.")] = "",
    correction: Annotated[str, typer.Option("--correct", help="Why its transcript is the next version of one that is there.")] = "",
    track: Annotated[Path | None, typer.Option(help="The conference tool's speaker track: turns as JSON, or captions.")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the transcript, or leave it to the server.")] = True,
    as_json: AsJson = False,
) -> None:
    """Hear a recording: an attributed, timed transcript, on record where a search is named.

    The same command again goes on where it was broken off; the same recording of the same interview is heard once.
    """
    turns = read_track(track) if track else None  # refused before anything is heard
    if not search:
        _tell(_transient(path, language, turns), as_json)
        return
    name, mapping = interview.strip() or path.stem, dict(_mapped(s) for s in speaker or [])
    about = {"candidate": candidate.strip(), "held_on": held_on, "consent": consent.strip(), "language": language, "correction": correction}
    about["region"] = region.strip()
    if remote := server():
        row = remote_captures.put(remote, search, name, path, about, mapping, turns or (), wait=wait)
    else:
        row = run(_on_record(path, search, name, about, mapping, turns or ()))
    _tell(row, as_json)


def _transient(path: Path, language: str, track: Track | None) -> dict[str, Any]:
    from corpus.speech import hear
    from corpus.speech_models import open_speech

    screen.note("No search is named: nothing is put on record, and whose consent this needs is yours to see to.")
    model = open_speech(load_settings().speech.model)
    with screen.progress("Hearing") as advance:

        def told_on(done_s: float, of_s: float) -> None:
            advance(path.name, int(done_s), int(of_s))

        return heard(hear(path, model=model, language=language or None, told=told_on, track=track))


async def _on_record(path: Path, slug: str, name: str, about: dict[str, str], mapping: dict[str, str], track: Track) -> dict[str, Any]:
    async with desk() as (bench, organisation), open_jobs(bench) as jobs:
        search = await search_called(bench, organisation, slug)
        of = Of(search, name, about["candidate"], _day(about["held_on"]), about["region"], about["consent"])
        order = Order(search.organisation, about["language"] or None, mapping, about["correction"].strip(), track)
        taken = await take_in(bench, of, pieces_of(path), path.name, order)
        made, held = taken.progress, taken.interview
        if made.state in (CaptureState.FAILED, CaptureState.CANCELLED):
            await jobs.retry(held.organisation, made.capture.id)
        await jobs.put(held.organisation, made.capture.id)
        return await _waited(bench, jobs, held, made.capture.id, path.name)


async def _waited(bench: Workbench, jobs: Jobs, held: Interview, id: CaptureId, name: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    with screen.progress("Hearing") as advance:
        async for progress, done_s in jobs.until_over(held.organisation, id):
            advance(name, int(done_s), int(progress.of_s or 0))
            row = told(progress, held, done_s)
    return await with_words(bench, row, held) if row["state"] == CaptureState.DONE else row


def _tell(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        screen.as_json(row)
    elif "utterances" in row:
        for u in row["utterances"]:
            screen.say(f"{clock(u['start_s'])} {u['speaker']}: {u['text']}")
        if row["notes"]:
            screen.note(row["notes"])
    if row.get("state") in (CaptureState.FAILED, CaptureState.CANCELLED):
        screen.note(f"The recording of {row['interview']} could not be heard. {row['why']}".strip())
        raise typer.Exit(6 if row["state"] == CaptureState.FAILED else 4)
    if row.get("state") in (CaptureState.WAITING, CaptureState.RUNNING) and not as_json:
        screen.say(f"{row['capture']}: {row['state']}. `plumbline jobs show {row['capture'][:12]}` says how far it is.")


def _mapped(told: str) -> tuple[str, str]:
    label, equals, name = told.partition("=")
    if not equals or not label.strip() or not name.strip():
        raise BadSearch(f"“{told}” maps nobody", where="--speaker", todo="Write it as LABEL=NAME.")
    return label.strip(), name.strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as e:
        raise BadSearch(f"“{text}” is no date", where="--date", todo="Write it as 2026-03-22.") from e


@jobs_app.command("list")
def list_jobs(state: Annotated[str, typer.Option(help="Only those that stand so, such as failed.")] = "", as_json: AsJson = False) -> None:
    """Every capture, the newest last."""
    rows = remote_captures.listed(remote) if (remote := server()) else run(_listed())
    rows = [r for r in rows if not state or r["state"] == state]
    if as_json:
        screen.as_json(rows)
        return
    for r in rows:
        of = f" of {clock(r['of_s'])}" if r["of_s"] is not None else ""
        screen.say(f"{r['capture'][:16]}  {r['state']:9}  {clock(r['done_s'])}{of}  {r['interview']}  {r['why']}".rstrip())
    if not rows:
        screen.say("No recording was captured yet." if not state else f"None is {state}.")


@jobs_app.command("show")
def show_job(id: Which, as_json: AsJson = False) -> None:
    """How one capture stands, step by step."""
    row = _one(id, "show")
    if as_json:
        screen.as_json(row)
        return
    screen.say(f"{row['capture']}  {row['state']}  {row['interview']}")
    for step in row["steps"]:
        screen.say(f"  {step['at']}  {step['step']}  {step['code']}".rstrip())
    if row["why"]:
        screen.say(f"  {row['why']}", "yellow")


@jobs_app.command("cancel")
def cancel_job(id: Which) -> None:
    """Stop a capture, be it waiting or under way; the recording stays."""
    row = _one(id, "cancel")
    screen.say(f"{row['capture'][:16]} is {row['state']}.")


@jobs_app.command("retry")
def retry_job(id: Which) -> None:
    """Have a capture that failed or was cancelled heard once more, and wait for it; what was heard of it is kept."""
    row = _one(id, "retry")
    screen.say(f"{row['capture'][:16]} is {row['state']}.")


def _one(id: str, what: str) -> dict[str, Any]:
    return remote_captures.one(remote, id, what) if (remote := server()) else run(_one_here(id, what))


async def _listed() -> list[dict[str, Any]]:
    async with desk() as (bench, organisation):
        names = {i.id: i for i in await bench.store.interviews(organisation.id)}
        return [told(p, names[p.capture.interview]) for p in await bench.store.captures(organisation.id)]


async def _one_here(id: str, what: str) -> dict[str, Any]:
    async with desk() as (bench, organisation):
        found = [p for p in await bench.store.captures(organisation.id) if p.capture.id.startswith(id)]
        if len(found) != 1:
            much = f"{len(found)} captures begin with {id}" if found else f"There is no capture {id}"
            raise (Conflict if found else NotFound)(much, todo="`plumbline jobs list` has their ids.")
        progress = found[0]
        held = await bench.store.interview(organisation.id, progress.capture.interview)
        if what == "show":
            return told(progress, held)
        async with open_jobs(bench) as jobs:
            if what == "cancel":
                return told(await jobs.cancel(organisation.id, progress.capture.id), held)
            await jobs.retry(organisation.id, progress.capture.id)
            return await _waited(bench, jobs, held, progress.capture.id, held.name)
