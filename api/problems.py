"""Failures over HTTP, as RFC 9457 has them: the one place that knows a status."""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from alignment import errors
from alignment.errors import BadRequest, NotFound, PlumblineError, TooLarge, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2

STATUS: Mapping[type[PlumblineError], HTTPStatus] = {
    errors.PlumblineError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.StaleContract: HTTPStatus.PRECONDITION_FAILED,
    errors.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.IncompleteContract: HTTPStatus.CONFLICT,
    errors.NotPermitted: HTTPStatus.FORBIDDEN,
    errors.MissingScope: HTTPStatus.FORBIDDEN,
    errors.LinkExpired: HTTPStatus.FORBIDDEN,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Unguarded: HTTPStatus.PRECONDITION_REQUIRED,
    errors.TooLong: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ConsentMissing: HTTPStatus.CONFLICT,
    errors.OnHold: HTTPStatus.CONFLICT,
    errors.Unverified: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Fabricated: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Misattributed: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Elsewhere: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Unreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadTranscript: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadAudio: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NoSpeech: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadSearch: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadSettings: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Misbehaved: HTTPStatus.BAD_GATEWAY,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Underway: HTTPStatus.CONFLICT,
    errors.Stopping: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelDown: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.QueueFull: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.MediaDown: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StoreDown: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IndexDown: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IndexBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IndexMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
}
_log = logging.getLogger("plumbline.api")


class Problem(BaseModel):
    """A failure as RFC 9457 has it.

    `code` is the stable end of `type`; `detail` says what, where and what to do; `retryable` whether the same call may succeed later;
    `error` has the same for clients of OpenAI's protocol, which look for it there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    title: str
    status: int
    detail: str
    code: str
    retryable: bool
    request: str = ""
    error: dict[str, str] = {}


def problem_of(error: PlumblineError, request: str = "", status: int | None = None) -> Problem:
    """The failure as it is told to whoever asked."""
    kind = type(error)
    title = (kind.__doc__ or kind.__name__).splitlines()[0].rstrip(".")
    told = {"message": str(error), "type": kind.code, "code": kind.code}
    return Problem(
        type=f"/problems/{kind.code}",
        title=title,
        status=int(status or STATUS[kind]),
        detail=str(error),
        code=kind.code,
        retryable=kind.retryable,
        request=request,
        error=told,
    )


def respond(request: Request, error: PlumblineError, status: int | None = None) -> JSONResponse:
    """The failure as a response."""
    problem = problem_of(error, getattr(request.state, "request_id", ""), status)
    headers: dict[str, str] = {}
    if problem.retryable:
        headers["Retry-After"] = str(error.after_s if isinstance(error, Unavailable) else RETRY_AFTER_S)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="plumbline"'
    return JSONResponse(problem.model_dump(), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have the app tell every failure as a problem."""

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, PlumblineError), "registered for our own errors"
        return respond(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError), "registered for invalid requests"
        return respond(request, bad_request(error.errors()))

    async def other(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException), "registered for the framework's refusals"
        if isinstance(error.__cause__, PlumblineError):
            return respond(request, error.__cause__)  # what came up while the framework read the body
        response = respond(request, _refusal(request, error), error.status_code)
        response.headers.update(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods(request)):
            response.headers["Allow"] = methods
        return response

    async def unforeseen(request: Request, error: Exception) -> Response:
        return respond(request, foreseen(error))

    app.add_exception_handler(PlumblineError, plain)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, other)
    app.add_exception_handler(Exception, unforeseen)


def foreseen(error: BaseException) -> PlumblineError:
    """The failure where it is one of ours; of any other the log has its kind and place, and whoever asked is told that there was one."""
    if isinstance(error, PlumblineError):
        return error
    # What the failure says may hold words of the record.
    _log.error("unforeseen failure", extra={"kind": type(error).__name__, "place": _place(error)})
    return PlumblineError("The server failed in a way that nobody foresaw", todo="Report the request's id.")


def _methods(request: Request) -> str:
    """All that one may do at the address; the router knows only of the first route that fits it."""
    pattern = getattr(request.scope.get("route"), "path_format", "")
    return ", ".join(sorted(m.upper() for m in request.app.openapi()["paths"].get(pattern, ())))


def bad_request(found: Any) -> BadRequest:
    """What is wrong with a request, from pydantic's list of it."""
    first = found[0] if found else {"loc": (), "msg": "it is not as described"}
    place = ".".join(str(part) for part in first["loc"])
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return BadRequest(f"The request is not as described: {first['msg']}{more}", where=place, todo="Compare it with /openapi.json.")


def _refusal(request: Request, error: HTTPException) -> PlumblineError:
    path = request.url.path
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return NotFound("There is nothing at that address", where=path, todo="The routes are in /openapi.json.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TooLarge("The request is larger than the limit", where=path)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return BadRequest(f"{request.method} is not what one does there", where=path, todo="The methods are in /openapi.json.")
    return BadRequest(str(error.detail), where=path)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


def documented() -> dict[int | str, dict[str, Any]]:
    """The problems that any route may answer with, for the OpenAPI document."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": told, "content": schema} for status, told in _documented()}


def _documented() -> Iterator[tuple[int, str]]:
    by_status: dict[int, list[str]] = {400: ["bad_request"], 405: ["bad_request"], 415: ["bad_request"]}
    for kind, status in STATUS.items():
        by_status.setdefault(int(status), []).append(kind.code)
    for number, codes in sorted(by_status.items()):
        yield number, f"{HTTPStatus(number).phrase}: {', '.join(codes)}"
