"""What arrives verifies, as the guide says it does."""

import re
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from alignment.events import EventKind
from tests.agents.webhooks.desk import GUIDE, Desk, verified
from tests.agents.webhooks.receiving import receiving

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_secret_is_told_once_and_signs_nothing_of_another_webhook(desk: Desk) -> None:
    async with receiving() as receiver:
        webhook, secret = await desk.hook(receiver)
        _, another = await desk.hook(receiver)
        assert secret.startswith("whsec_")
        assert secret not in repr(await desk.bench.store.webhooks(desk.organisation)) + repr(webhook)
        await desk.bench.store.close_webhook(desk.organisation, webhook.id, desk.now)
        await desk.happens()
        await desk.deliver()
        verified(receiver.got[0], another)
        with pytest.raises(WebhookVerificationError):
            verified(receiver.got[0], secret)


async def test_the_guides_example_verifies_what_arrives_and_refuses_what_was_altered(desk: Desk) -> None:
    block = re.search(r"^```python verify\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert block is not None
    example: dict[str, Any] = {}
    exec(block[1], example)
    async with receiving() as receiver:
        _, secret = await desk.hook(receiver)
        await desk.happens()
        await desk.deliver()
        got = receiver.got[0]
        assert example["receive"](secret, got.body, got.headers)["organisation"] == desk.organisation
        with pytest.raises(WebhookVerificationError):
            example["receive"](secret, got.body.replace(b"prs-x", b"prs-y"), got.headers)


async def test_the_guide_tells_of_every_kind() -> None:
    told = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [kind.value for kind in EventKind]
