"""`plumbline clip`: a part of a recording alone; it reads the store and the media alone, and so works beside a running server."""

import asyncio
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer

from agents.listening import recording_of
from alignment.errors import BadSettings
from alignment.settings import load_settings
from alignment.transcript import clock
from api import screen
from api.remote.chosen import server
from api.remote.client import at
from api.times import seconds
from corpus.clips import cut, must_be_span
from corpus.media import Media
from corpus.sinks import ClipKind
from corpus.store import open_store

KINDS = {".wav": ClipKind.WAV, ".ogg": ClipKind.OGG, ".opus": ClipKind.OGG, ".flac": ClipKind.FLAC}


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("clip")(clip)


def clip(
    interview: Annotated[str, typer.Argument(help="The interview's name.")],
    search: Annotated[str, typer.Option("--search", help="The search that it belongs to.")],
    start: Annotated[str, typer.Option("--from", help="Where the part begins, as a player shows it: 1:02, 1:00:02 or 62.5.")],
    end: Annotated[str, typer.Option("--to", help="Where it ends, at most five minutes later.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: .wav, .ogg (Opus) or .flac.", metavar="FILE")],
    recording: Annotated[str, typer.Option(help="The recording's SHA-256, where it is not the newest that is meant.")] = "",
) -> None:
    """Write a part of an interview's recording to a file; of a video its sound."""
    start_s, end_s = seconds(start, "--from"), seconds(end, "--to")
    must_be_span(start_s, end_s)
    if (kind := KINDS.get(out.suffix.lower())) is None:
        what = "A clip is written as WAV, as Ogg with Opus or as FLAC"
        raise BadSettings(what, where=str(out), todo="Name a file that ends in .wav, .ogg or .flac.")
    if remote := server():
        place = f"{at('searches', search, 'interviews', interview, 'media')}/clip"
        sound = remote.file(place, start=start_s, end=end_s, format=kind.value, recording=recording)
    else:
        sound = asyncio.run(_here(search, interview, start_s, end_s, kind, recording))
    _write(out, sound)
    screen.say(f"{out}: {interview} from {clock(start_s)} to {clock(end_s)}.")


async def _here(slug: str, name: str, start_s: float, end_s: float, kind: ClipKind, digest: str) -> bytes:
    settings = load_settings()
    store = await open_store(settings.store)
    try:
        organisation = await store.organisation_by_name(settings.organisation)
        search = await store.search_by_slug(organisation.id, slug)
        held = await store.interview_by_name(organisation.id, search.id, name)
        _, path, _stat = await recording_of(store, Media(settings.media_folder), organisation.id, held.id, digest)
    finally:
        await store.close()
    return await asyncio.to_thread(_cut, path, start_s, end_s, kind)


def _cut(path: Path, start_s: float, end_s: float, kind: ClipKind) -> bytes:
    sound = BytesIO()
    cut(path, start_s, end_s, kind, sound)
    return sound.getvalue()


def _write(out: Path, sound: bytes) -> None:
    """Whole, or not at all, and readable by its owner alone."""
    try:
        with NamedTemporaryFile(dir=out.parent, prefix=".clip-", delete=False) as file:
            part = Path(file.name)
            file.write(sound)
        part.replace(out)
    except OSError as e:
        raise BadSettings(f"The clip cannot be written: {e.strerror}", where=str(out), todo="Name a file that can be written.") from e
