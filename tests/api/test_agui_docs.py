"""docs/agui.md holds what happens: what it sends is sent, and what it shows comes back."""

import json
import re
from pathlib import Path
from typing import Any

from tests.api.agui import Ran, read
from tests.api.served import Served

PAGE = Path(__file__).resolve().parents[2] / "docs" / "agui.md"
BLOCK = re.compile(r"^```json (\S+)(?: (\S+))?\n(.*?)^```", re.M | re.S)
ANY = "…"


def shows(told: Any, shown: Any) -> bool:
    """Whether what came holds what the page shows of it; … stands for any text."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(k in told and shows(told[k], v) for k, v in shown.items())
    if isinstance(shown, list):
        return isinstance(told, list) and len(told) >= len(shown) and all(shows(t, s) for t, s in zip(told, shown, strict=False))
    return isinstance(told, str) if shown == ANY else bool(told == shown)


def test_what_the_page_sends_is_sent_and_what_it_shows_comes_back(bakery: Served) -> None:
    sent, shown, ran = 0, 0, Ran([])
    with bakery.client() as client:
        for what, agent, body in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
            given = json.loads(body)
            if what != "send":
                assert any(shows(event, given) for event in ran.of(what)), (given, ran.of(what))
                shown += 1
                continue
            for entry in given.get("resume", []):
                entry["interruptId"] = ran.interrupts[int(entry["interruptId"].removeprefix(ANY)) - 1]["id"]
            ran = read(client.post(f"/agui/{agent}", json=given).text.split("\n"))
            sent += 1
    assert (sent, shown) == (3, 4)
