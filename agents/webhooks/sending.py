"""One attempt: an event signed and sent to the address that was looked at, and how it was answered."""

import asyncio
import json
from concurrent.futures import Executor
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import NamedTuple

import httpx
from standardwebhooks import Webhook as Signer

from agents.webhooks.addresses import must_be_reachable
from alignment.errors import PlumblineError
from alignment.events import Event
from alignment.settings import WebhookSettings
from corpus.store_webhooks import Due

ADDRESSES_TRIED = 2
AGENT = "Plumbline-Webhooks/1"


class Answer(NamedTuple):
    """How an attempt ended: the status of the answer, where there was one, and why it does not count, where it does not."""

    status: int | None
    error: str

    @property
    def reached(self) -> bool:
        """Whether anybody answered at all."""
        return self.status is not None


def open_client() -> httpx.AsyncClient:
    """A client to send with: it goes through no proxy, keeps no cookie and no connection.

    How many connections there are at once is for whoever sends. One that is kept is known by its address alone: the next webhook at that
    address would inherit whose certificate was checked.
    """
    transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None, max_keepalive_connections=0))
    none = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, cookies=none)


async def send(client: httpx.AsyncClient, due: Due, at: datetime, settings: WebhookSettings, names: Executor | None = None) -> Answer:
    """Send the event once, within the settings' time; whatever goes wrong on the way is an answer, not an error."""
    try:
        async with asyncio.timeout(settings.timeout_s):
            addresses = await must_be_reachable(due.url, private=settings.private, names=names)
            return await _to_any(client, due, at, addresses[:ADDRESSES_TRIED])
    except TimeoutError:
        return Answer(None, f"no answer within {settings.timeout_s:g} s")
    except PlumblineError as e:
        return Answer(None, e.what)
    except httpx.HTTPError as e:
        return Answer(None, _told(e))


async def _to_any(client: httpx.AsyncClient, due: Due, at: datetime, addresses: tuple[str, ...]) -> Answer:
    for address in addresses[:-1]:
        try:
            return await _to(client, due, at, address)
        except httpx.ConnectError:
            continue
    return await _to(client, due, at, addresses[-1])


async def _to(client: httpx.AsyncClient, due: Due, at: datetime, address: str) -> Answer:
    url = httpx.URL(due.url)
    # Made here and not by the client, which would add what it remembers. The name is what the certificate is checked for.
    request = httpx.Request(
        "POST",
        url.copy_with(host=address),
        headers={**headers_of(due, at), "Host": url.netloc.decode("ascii"), "Connection": "close"},
        content=body_of(due.event),
        extensions={"sni_hostname": url.raw_host.decode("ascii"), "timeout": {"connect": None, "read": None, "write": None, "pool": None}},
    )
    response = await client.send(request, stream=True, auth=None, follow_redirects=False)
    await response.aclose()  # what the body says is nobody's business here, and could be endless
    if response.is_success:
        return Answer(response.status_code, "")
    why = ", and redirects are not followed" if response.is_redirect else ""
    return Answer(response.status_code, f"status {response.status_code}{why}")


def body_of(event: Event) -> str:
    """What is sent, the same at every attempt: what happened, when, its number in the organisation, and the ids of what it is about."""
    told = {"type": event.kind, "timestamp": event.at.isoformat(), "organisation": event.organisation, "number": event.number}
    return json.dumps({**told, "data": event.data}, ensure_ascii=False, separators=(",", ":"))


def headers_of(due: Due, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: the event's id, which stays the same at every attempt, the time of this one, and the signature."""
    at = at.astimezone(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": due.event.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(due.secret).sign(due.event.id, at, body_of(due.event)),
    }


def _told(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ConnectError):
        return "no certificate that holds for this host" if "CERTIFICATE" in str(error).upper() else "no connection"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return "the connection broke off" if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError) else type(error).__name__
