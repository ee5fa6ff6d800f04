"""Files that are sent: as the body itself, or as the one file of a form."""

from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from alignment.errors import BadRequest, TooLarge
from api.auth import bench_of, caller_of


async def _uploaded(request: Request) -> bytes:
    await caller_of(request)  # nobody's bytes are read before it is known whose they are
    most = bench_of(request).settings.serve.upload_bytes
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=4) as form:
            files = [f for f in form.values() if isinstance(f, UploadFile)]
            if len(files) != 1:
                raise BadRequest("The form holds no file", where="file", todo="Send one file, or the file itself as the body.")
            data = await files[0].read(most + 1)
    else:
        data = await request.body()
    if len(data) > most:
        raise TooLarge(f"The file is larger than {most} bytes", where=request.url.path)
    if not data:
        raise BadRequest("The request has no body", where="body", todo="Send the transcript as the body, or as the file of a form.")
    return data


Upload = Annotated[bytes, Depends(_uploaded)]


def upload_body() -> dict[str, Any]:
    """How an upload stands in the OpenAPI document."""
    text = {"schema": {"type": "string"}}
    form = {"schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}}
    kinds = ("text/vtt", "text/plain", "application/json", "application/x-subrip", "application/octet-stream")
    return {"requestBody": {"required": True, "content": {**dict.fromkeys(kinds, text), "multipart/form-data": form}}}
