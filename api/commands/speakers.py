"""`plumbline speakers`: who said what, as people correct it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from agents.attribution import Corrected, attribute, told, track_given
from agents.captures.telling import told as capture_told
from agents.desk import interview_called
from alignment.capture import CaptureState
from alignment.errors import BadRequest
from api import screen
from api.remote.chosen import server
from api.remote.client import at
from api.remote.client import told as told_by
from api.session import desk, run, search_called
from corpus.tracks import read_track


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("speakers")(speakers)


def speakers(
    interview: Annotated[str, typer.Argument(help="The interview's name.")],
    search: Annotated[str, typer.Option("--search", help="The search that it belongs to.")],
    is_: Annotated[list[str] | None, typer.Option("--is", help="Whom a label stands for, as LABEL=NAME; LABEL= for nobody known.")] = None,
    said: Annotated[list[str] | None, typer.Option("--said", help="Who said an utterance, as u12=LABEL.")] = None,
    track: Annotated[Path | None, typer.Option(help="A conference tool's speaker track: turns as JSON, or captions.")] = None,
    recording: Annotated[str, typer.Option(help="The digest of the recording that the track is of, where there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Show who speaks in an interview, or correct it: a correction is the next version, and every citation touched is verified anew."""
    people = dict(_pair(s, "--is") for s in is_ or [])
    utterances = {_index(u): label for u, label in (_pair(s, "--said") for s in said or [])}
    if track and (people or utterances):
        raise BadRequest("A track and corrections are two corrections", where="--track", todo="Give the one, then the other.")
    row: dict[str, Any]
    if track:
        row = by_track(search, interview, track, recording)
    elif remote := server():
        place = at("searches", search, "interviews", interview, "speakers")
        body = {"people": people, "utterances": {f"u{i}": label for i, label in utterances.items()}}
        row = remote.post(place, body) if people or utterances else remote.get(place)
    else:
        row = run(_corrected(search, interview, people, utterances))
    if as_json:
        screen.as_json(row)
        return
    if "capture" in row:
        screen.say(f"The recording of {row['interview']} has no transcript yet: the track waits for it.")
        if row["state"] in (CaptureState.FAILED, CaptureState.CANCELLED):
            screen.say(f"Its capture is {row['state']}: `plumbline jobs retry {row['capture'][:12]}` has it heard once more.")
        return
    for s in row["speakers"]:
        who = s["name"] or ("nobody known" if s["nobody"] else "not mapped")
        screen.say(f"{s['label']}: {who} ({s['certainty']}), {s['utterances']} utterances: “{s['begins']}”")
    for broken in row.get("broken", ()):
        screen.say(f"No longer borne out, now an open question: {broken}", "yellow")


def by_track(search: str, interview: str, path: Path, recording: str) -> dict[str, Any]:
    """The labels after a transcript was told apart by that track, or the capture that it waits for; here or through a server."""
    track, content = read_track(path), path.read_bytes()
    if remote := server():
        place = at("searches", search, "interviews", interview, "speakers", "track")
        answered: dict[str, Any] = told_by(remote.send("PUT", place, params={"recording": recording}, content=content))
        return answered

    async def here() -> dict[str, Any]:
        async with desk() as (bench, organisation):
            held = await interview_called(bench, await search_called(bench, organisation, search), interview)
            done = await track_given(bench, held, track, recording)
            if not isinstance(done, Corrected):
                return capture_told(done, held)
            return {**told(done.transcript), "new": done.new, "broken": list(done.broken)}

    return run(here())


async def _corrected(slug: str, name: str, people: dict[str, str], utterances: dict[int, str]) -> dict[str, Any]:
    async with desk() as (bench, organisation):
        held = await interview_called(bench, await search_called(bench, organisation, slug), name)
        done = await attribute(bench, held, people=people, utterances=utterances)
        return {**told(done.transcript), "new": done.new, "broken": list(done.broken)}


def _pair(text: str, option: str) -> tuple[str, str]:
    label, equals, name = text.partition("=")
    if not equals or not label.strip():
        raise BadRequest(f"“{text}” says nothing of anybody", where=option, todo="Write it with a = in the middle.")
    return label.strip(), name.strip()


def _index(text: str) -> int:
    digits = text.removeprefix("u")
    if not (digits.isascii() and digits.isdigit()):
        raise BadRequest(f"“{text}” is no utterance", where="--said", todo="Utterances are called u0, u1 and so on.")
    return int(digits)
