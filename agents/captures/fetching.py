"""A recording from the address that a conference tool tells: fetched as webhooks are sent, to the very address that was looked at."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urljoin

import httpx

from agents.webhooks import must_be_reachable, open_client
from alignment.errors import BadAudio, TooLarge, Unavailable
from alignment.settings import Settings

REDIRECTS = 3
ADDRESSES_TRIED = 2
SILENT_S, WHOLE_S = 30.0, 3600.0
TODO = "Check that the address holds for anybody who has it, or send the recording itself."


async def fetched(url: str, settings: Settings, *, bearer: str = "") -> AsyncIterator[bytes]:
    """The bytes at a URL, as they come. Redirects are looked at like the URL itself, and the bearer goes to the first host alone.

    Errors: BadRequest and Refused for what is no address that may be reached, BadAudio where it holds nothing, TooLarge, Unavailable.
    """
    most, read = settings.serve.recording_bytes, 0
    try:
        async with asyncio.timeout(WHOLE_S), open_client() as client:
            response = await _answered(client, url, settings, bearer)
            try:
                async for piece in response.aiter_raw():
                    read += len(piece)
                    if read > most:
                        raise TooLarge(f"The recording is larger than {most} bytes", where="url")
                    yield piece
            finally:
                await response.aclose()
    except (httpx.HTTPError, TimeoutError) as e:
        raise Unavailable(f"The recording's address does not answer: {type(e).__name__}", where="url", todo=TODO) from e


async def _answered(client: httpx.AsyncClient, url: str, settings: Settings, bearer: str) -> httpx.Response:
    addresses = await must_be_reachable(url, private=settings.webhooks.private)
    first = _door(url)
    for _ in range(REDIRECTS + 1):
        response = await _asked(client, url, addresses[:ADDRESSES_TRIED], bearer if _door(url) == first else "")
        if response.is_success:
            return response
        await response.aclose()
        if not (response.is_redirect and "location" in response.headers):
            raise BadAudio(f"The recording's address answers with status {response.status_code}", where="url", todo=TODO)
        url = _led_to(url, response.headers["location"])
        addresses = await must_be_reachable(url, private=settings.webhooks.private)
    raise BadAudio("The recording's address leads from one to another without end", where="url", todo=TODO)


def _door(url: str) -> tuple[str, str, int | None]:
    """Whose door it is: what was given for one is not shown at another."""
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.host, parsed.port


def _led_to(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as e:
        raise BadAudio("The recording's address leads to what is no address", where="url", todo=TODO) from e


async def _asked(client: httpx.AsyncClient, url: str, addresses: tuple[str, ...], bearer: str) -> httpx.Response:
    parsed = httpx.URL(url)
    headers = {"Host": parsed.netloc.decode("ascii"), "Connection": "close", "Accept-Encoding": "identity"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    timeout = {"connect": SILENT_S, "read": SILENT_S, "write": SILENT_S, "pool": SILENT_S}
    extensions = {"sni_hostname": parsed.raw_host.decode("ascii"), "timeout": timeout}
    for n, address in enumerate(addresses):
        request = httpx.Request("GET", parsed.copy_with(host=address), headers=headers, extensions=extensions)
        try:
            return await client.send(request, stream=True, auth=None, follow_redirects=False)
        except httpx.ConnectError:
            if n == len(addresses) - 1:
                raise
    raise httpx.ConnectError("nobody there")
