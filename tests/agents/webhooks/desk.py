"""What the tests of webhooks share: a workbench whose webhooks may point at this machine, and names that stand for any address."""

import socket
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from agents.webhooks import deliver_due, make_webhook, open_client
from agents.workbench import Workbench
from alignment.events import Attempt, Event, EventId, EventKind, Webhook
from alignment.people import Search
from alignment.record import OrganisationId, new_id
from alignment.settings import WebhookSettings
from corpus.store import Store
from tests.agents.webhooks.receiving import Got, Receiver

GUIDE = Path(__file__).parents[3] / "docs" / "webhooks.md"
SECOND = timedelta(seconds=1)


@dataclass
class Desk:
    """A workbench whose webhooks may point at this machine, and an organisation with a search to tell of."""

    bench: Workbench
    organisation: OrganisationId
    search: Search
    now: datetime

    def restarted(self, store: type[Store] = Store, **settings: Any) -> Workbench:
        """The workbench as another process would have it, over the same database."""
        webhooks = WebhookSettings(**({"private": True, "timeout_s": 2} | settings))
        return replace(
            self.bench, store=store(self.bench.store._engine), settings=self.bench.settings.model_copy(update={"webhooks": webhooks})
        )

    async def happens(self, times: int = 1) -> tuple[EventId, ...]:
        made = tuple(EventId(new_id("evt")) for _ in range(times))
        about: dict[str, Any] = {"organisation": self.organisation, "kind": EventKind.ROUND_CLOSED, "at": self.now}
        for id in made:
            await self.bench.store.add_event(
                self.organisation, Event(id=id, data={"search": self.search.id, "candidate": "prs-x"}, **about)
            )
        return made

    async def hook(self, to: Receiver | str, *kinds: EventKind) -> tuple[Webhook, str]:
        return await make_webhook(self.restarted(), self.organisation, to if isinstance(to, str) else to.url, kinds)

    async def deliver(self, after_s: float = 0, bench: Workbench | None = None) -> int:
        async with open_client() as client:
            return await deliver_due(bench or self.restarted(), client, self.now + after_s * SECOND)

    async def log(self, webhook: Webhook) -> tuple[Attempt, ...]:
        return await self.bench.store.attempts(self.organisation, webhook.id)


def names(monkeypatch: pytest.MonkeyPatch, **known: str) -> None:
    """Have these host names, with _ for a dot, stand for these addresses."""
    told, asked = {name.replace("_", "."): address for name, address in known.items()}, socket.getaddrinfo

    def look_up(host: Any, port: Any, *how: Any, **more: Any) -> Any:
        return asked(told.get(host, host), port, *how, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def verified(got: Got, secret: str) -> dict[str, Any]:
    told = Verifier(secret).verify(got.body, got.headers)
    assert isinstance(told, dict)
    return told
