"""Webhooks as they are made: where one may point, and the secret that signs what it is told."""

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from agents.webhooks.addresses import must_be_reachable
from agents.workbench import Workbench
from alignment.errors import BadRequest
from alignment.events import EventKind, Webhook, WebhookId
from alignment.record import OrganisationId, new_id

PREFIX = "whsec_"
SECRET_BYTES = 32


async def make_webhook(
    bench: Workbench, organisation: OrganisationId, url: str, kinds: Iterable[EventKind] = (), label: str = ""
) -> tuple[Webhook, str]:
    """A new webhook and its secret (`whsec_…`), which is told this once; without kinds it is told of every kind.

    BadRequest and Refused as in `must_be_reachable`; Refused where the organisation has as many webhooks as it may have.
    """
    await must_be_reachable(url, private=bench.settings.webhooks.private)
    if len(label) > 200:
        raise BadRequest("A webhook's label has at most 200 characters", where="label")
    webhook = Webhook(
        id=WebhookId(new_id("whk")),
        organisation=organisation,
        url=url,
        kinds=tuple(dict.fromkeys(kinds)) or tuple(EventKind),
        label=label.strip(),
        at=datetime.now(UTC),
    )
    secret = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return await bench.store.add_webhook(organisation, webhook, secret), secret
