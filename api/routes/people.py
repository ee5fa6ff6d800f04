"""People: the copy of everything that is held about one of them."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as Segment
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from agents.copies import copy_of
from api.auth import Administering, Bench
from api.routes.keeping import must_reach_all
from api.wire import PRINTED

router = APIRouter(prefix="/v1/people", tags=["people"])
PersonName = Annotated[str, Segment(min_length=1, max_length=200, pattern=PRINTED, description="The person's name, or id.")]
ARCHIVE = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


@router.get("/{person}/copy", response_class=FileResponse, responses={200: {"content": ARCHIVE, "description": "The archive"}})
async def read_copy(caller: Administering, bench: Bench, person: PersonName, request: Request) -> FileResponse:
    """Everything that is held about one person, across searches, as one archive: for whoever asks what is known of them."""
    must_reach_all(caller)
    bench.settings.home.mkdir(parents=True, exist_ok=True)
    folder = tempfile.TemporaryDirectory(dir=bench.settings.home, prefix=".copy-")
    try:
        archive = Path(folder.name) / "copy.zip"
        counts = await copy_of(bench, caller.org, person, archive)
    except BaseException:
        folder.cleanup()
        raise
    request.state.detail = {"files": str(sum(counts.values()))}
    return FileResponse(archive, media_type="application/zip", filename="copy.zip", background=BackgroundTask(folder.cleanup))
