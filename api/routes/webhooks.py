"""Webhooks: who is told what happened, and the log of every attempt."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from agents.webhooks import make_webhook
from alignment.errors import NotFound
from alignment.events import Attempt, Event, Webhook, WebhookId
from api.auth import Administering, Bench, Reading
from api.pages import Cursor, Limit, Page, number_of, page, paged
from api.wire_admin import MadeWebhook, NewWebhook

# A webhook's answer holds its secret, which is told once: it is not kept for a second sending.
router = APIRouter(prefix="/v1", tags=["webhooks"])
WebhookHere = Annotated[str, Path(min_length=1, max_length=200)]


@router.get("/events")
async def list_events(caller: Administering, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[Event]:
    """What happened on record, oldest first; a tool that missed deliveries reads on from the last number that it knows."""
    found = await bench.store.events(caller.org, after=number_of(cursor), limit=limit + 1)
    return page(found, limit, lambda e: str(e.number))


@router.get("/webhooks")
async def list_webhooks(caller: Administering, bench: Bench, limit: Limit = 50, cursor: Cursor = "") -> Page[Webhook]:
    """The organisation's webhooks, without their secrets, those that were ended too."""
    return paged(await bench.store.webhooks(caller.org), limit, cursor, lambda w: w.id)


@router.post("/webhooks", status_code=201)
async def new_webhook(caller: Administering, bench: Bench, given: NewWebhook, response: Response) -> MadeWebhook:
    """Have an address told of what happens from now on; the secret that signs it is in this answer and nowhere again."""
    made, secret = await make_webhook(bench, caller.org, given.url, given.kinds, given.label)
    response.headers["Location"] = quote(f"/v1/webhooks/{made.id}")
    return MadeWebhook(webhook=made, secret=secret)


@router.get("/webhooks/{webhook}")
async def read_webhook(caller: Administering, bench: Bench, webhook: WebhookHere) -> Webhook:
    """One webhook."""
    found = next((w for w in await bench.store.webhooks(caller.org) if w.id == webhook), None)
    if found is None:
        raise NotFound(f"There is no webhook {webhook}", todo="List them: GET /v1/webhooks.")
    return found


@router.delete("/webhooks/{webhook}")
async def end_webhook(caller: Administering, bench: Bench, webhook: WebhookHere) -> Webhook:
    """End a webhook: it is told of nothing more, and its log stays."""
    return await bench.store.close_webhook(caller.org, WebhookId(webhook), datetime.now(UTC))


@router.get("/webhooks/{webhook}/attempts")
async def list_attempts(
    caller: Administering, _: Reading, bench: Bench, webhook: WebhookHere, limit: Limit = 50, cursor: Cursor = ""
) -> Page[Attempt]:
    """The webhook's delivery log, oldest first: what was sent when, and how the other side answered."""
    await read_webhook(caller, bench, webhook)
    found = await bench.store.attempts(caller.org, WebhookId(webhook), after=number_of(cursor), limit=limit + 1)
    return page(found, limit, lambda a: str(a.number))
