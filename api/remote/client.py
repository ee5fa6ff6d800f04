"""The client that the commands have of a server: bearer key, writes that are done once however often they are sent, problems as errors."""

import ipaddress
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from alignment.errors import BadSettings, NotFound, PlumblineError, Unauthenticated, Unavailable, Unreadable
from api import screen
from api.interrupts import interruptible

ATTEMPTS = 5
LONGEST_WAIT_S = 30.0
# A turn of a model is waited for as long as the server itself waits for one.
TIMEOUT = httpx.Timeout(60, connect=10, read=630)
PAGE = 200
MARKDOWN = "text/markdown"
SPOKEN = ("application/json", MARKDOWN, "text/calendar", "audio/wav", "audio/ogg")
M = TypeVar("M", bound=BaseModel)
_backoff = wait_exponential_jitter(multiplier=0.2, max=LONGEST_WAIT_S, jitter=0.2)


class Server:
    """One server, and the key that opens it; each write of an invocation has an idempotency key of its own, the same on every sending."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._invocation, self._writes = secrets.token_hex(12), 0

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        """What stands there, as JSON."""
        return told(self.send("GET", path, params=params))

    def file(self, path: str, **params: Any) -> bytes:
        """What stands there, byte for byte."""
        return self.send("GET", path, params=params).content

    def download(self, path: str, out: Path) -> None:
        """Write what stands there to a file, whole or not at all, readable by its owner alone."""
        handle, part = mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with interruptible(), os.fdopen(handle, "wb") as file, self._client.stream("GET", path) as response:
                if not response.is_success:
                    response.read()
                    raise error_of(response)
                for piece in response.iter_bytes():
                    file.write(piece)
            os.replace(part, out)
        except httpx.TransportError as e:
            os.unlink(part)
            raise _unanswered(e, str(self._client.base_url), told_once=False) from e
        except BaseException:
            os.unlink(part)
            raise

    def pages(self, path: str, **params: Any) -> Iterator[Any]:
        """Every item of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, **params, limit=PAGE, cursor=cursor)
            yield from page["items"]
            cursor = page["next"]

    def post(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """What the server answered to a body, as JSON; None where it answered nothing."""
        response = self.send("POST", path, json=body, **more)
        return told(response) if response.content else None

    def send(self, method: str, path: str, *, again: bool = True, headers: dict[str, str] | None = None, **given: Any) -> httpx.Response:
        """The answer to a request, which is sent again where it passed away on the line or the server cannot take it now.

        Without `again` it is not sent again once it may have arrived: some answers are told once. Raises what the server's problem stands
        for; Unavailable where there is no answer.
        """
        self._writes += method != "GET"
        once = {} if method == "GET" else {"Idempotency-Key": f"{self._invocation}-{self._writes}"}
        given["params"] = {k: v for k, v in given.get("params", {}).items() if v not in ("", None)}

        def passing(error: BaseException) -> bool:
            if isinstance(error, PlumblineError):
                return error.retryable
            lost = isinstance(error, httpx.TransportError) and not isinstance(error, httpx.TimeoutException)
            return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) or (again and lost)

        tries = Retrying(retry=retry_if_exception(passing), stop=stop_after_attempt(ATTEMPTS), wait=_wait, reraise=True)
        try:
            with interruptible():
                return tries(self._sent, method, path, headers={**once, **(headers or {})}, **given)
        except httpx.TransportError as e:
            raise _unanswered(e, str(self._client.base_url), told_once=not again) from e

    def _sent(self, method: str, path: str, **given: Any) -> httpx.Response:
        response = self._client.request(method, path, **given)
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not response.is_success or (response.content and kind not in SPOKEN):
            raise error_of(response)
        return response


class _Told(dict[str, Any]):
    """What a server told, of which some may be missing where it is of another version."""

    def __missing__(self, key: str) -> Any:
        raise _of_another_version(f"there is no “{key}” in it")


def told(response: httpx.Response) -> Any:
    """What was answered, as JSON; Unreadable as soon as something is looked for that is not in it."""
    return json.loads(response.content, object_hook=_Told)


def known(kind: type[M], value: Any) -> M:
    """What was answered, as the record that it is; Unreadable where it is not."""
    try:
        return kind.model_validate(value)
    except ValidationError as e:
        first = e.errors()[0]
        raise _of_another_version(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from e


def _of_another_version(why: str) -> Unreadable:
    what = f"The server's answer is not as this command line knows it: {why}"
    return Unreadable(what, where="--server", todo="Use the same version of Plumbline on both sides.")


def connect(url: str, key: str) -> Server:
    """The server at that address, to be spoken to with that key; BadSettings for what is no address, Unauthenticated without a key."""
    place = _address(url)
    if not key.strip():
        todo = "Set PLUMBLINE_KEY to one that the server knows; plumbline key new makes it."
        raise Unauthenticated("There is no API key for the server", where="PLUMBLINE_KEY", todo=todo)
    if not key.strip().isascii() or not key.strip().isprintable():
        raise BadSettings("What stands there is no API key", where="PLUMBLINE_KEY", todo="A key begins with plb_.")
    near = _loopback(place.host)
    if place.scheme == "http" and not near:
        screen.note(f"{place.host} is spoken to over http, so that anybody on the way can read the key and the record: use https.")
    headers = {"Authorization": f"Bearer {key.strip()}"}
    # This machine is never reached by way of a proxy, whatever the environment says.
    transport = httpx.HTTPTransport() if near else None
    return Server(httpx.Client(base_url=place, headers=headers, timeout=TIMEOUT, transport=transport))


def at(*parts: str | int) -> str:
    """The path under /v1 of what goes by these names; NotFound for a name that is empty."""
    if "" in parts:
        raise NotFound(f"There is nothing without a name among the {parts[0]}", todo="Name it; plumbline search list shows what there is.")
    return "/v1/" + "/".join(quote(str(part), safe="") for part in parts)


def error_of(response: httpx.Response) -> PlumblineError:
    """The error that the server's problem stands for, in the server's words; Unavailable or BadSettings for what is not Plumbline's API."""
    try:
        problem = response.json()
        code, detail = str(problem["code"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        place = f"{response.url.scheme}://{response.url.netloc.decode()}"
        what = f"What answers with HTTP {response.status_code} is not Plumbline's API"
        return (Unavailable if response.status_code >= 500 else BadSettings)(what, where=place, todo="Check the address of the server.")
    kind = next((k for k in _kinds(PlumblineError) if k.code == code), PlumblineError)
    error = kind(detail.removesuffix("."))
    if isinstance(error, Unavailable):
        after = response.headers.get("Retry-After", "")
        error.after_s = int(after) if after.isdigit() else error.after_s
    return error


def _kinds(kind: type[PlumblineError]) -> Iterator[type[PlumblineError]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from _kinds(inner)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_s = error.after_s if isinstance(error, Unavailable) else 0
    return max(_backoff(state), min(float(asked_s), LONGEST_WAIT_S))


def _address(url: str) -> httpx.URL:
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL as e:
        raise BadSettings(f"{url!r} is no address: {e}", where="--server", todo="Such as https://plumbline.example.com.") from e
    if place.scheme not in ("http", "https") or not place.host:
        raise BadSettings(f"{url!r} is no address of a server", where="--server", todo="Such as https://plumbline.example.com.")
    if place.userinfo or place.query or place.fragment:
        raise BadSettings("An address holds no user, question mark or hash", where="--server", todo="The key goes into PLUMBLINE_KEY.")
    return place


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _unanswered(error: httpx.TransportError, place: str, *, told_once: bool) -> Unavailable:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        why = str(error) or "it did not take the connection"
        return Unavailable(f"The server cannot be reached: {why}", where=place, todo="Check the address, and whether it runs.")
    late = isinstance(error, httpx.TimeoutException)
    what = "The server did not answer in time" if late else "The connection ended before the server answered"
    todo = "Whether it was done is not known: look before doing it again." if told_once or late else "Do it again once the server runs."
    return Unavailable(what, where=place, todo=todo)
