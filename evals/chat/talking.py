"""A server with one search on record, and conversations with its referee through the chat API, by thread or by the messages alone."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from agents.replay import replay_search
from agents.workbench import open_workbench
from evals.case import Cost
from evals.load.server import Server
from evals.running.ablations import left_out
from evals.running.conditions import Conditions, spent
from evals.running.places import fresh_home

MODEL = "debrief-referee"
_OWN = ("STORE_URL", "INDEX", "CHECKPOINTS_URL", "HOME")
PATIENCE_S = 120
METERS = {
    "plumbline_model_requests": "asked",
    "plumbline_model_kept": "from_cache",
    "plumbline_model_repairs": "repaired",
    "plumbline_model_failures": "failed",
    "plumbline_model_tokens_in": "tokens_in",
    "plumbline_model_tokens_out": "tokens_out",
}


@dataclass
class Tried(Server):
    """A server that runs under the conditions of a run; everything else is as the environment has it."""

    given: Conditions = field(default_factory=Conditions)

    def environment(self) -> dict[str, str]:
        """What its process is told."""
        settings = self.given.settings(self.home)
        own = {
            "HOME": str(self.home),
            "SERVE__PER_MINUTE": "1000000",
            "MODEL": self.given.model,
            "EMBEDDER__NAME": settings.embedder.name,
            "ASK__SEED": str(settings.ask.seed),
            **({"PROMPTS": str(self.given.prompts)} if self.given.prompts else {}),
        }
        left_out = tuple(f"PLUMBLINE_{name}" for name in _OWN)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
        return {**kept, **{f"PLUMBLINE_{k}": v for k, v in own.items()}}


@dataclass(frozen=True)
class Turn:
    """One turn as it came back: its text, its citations with the interviews by name, and how the question was understood."""

    text: str
    cited: tuple[dict[str, Any], ...]
    kind: str
    lines: tuple[str, ...]
    held: bool


@dataclass
class Door:
    """The open door of a server: one search on record, asked by whoever is named."""

    client: httpx.AsyncClient
    search: str
    interviews: dict[str, str]
    # What models were asked while the search was put on record.
    replayed: Cost

    async def spent(self) -> Cost:
        """What models were asked so far, by the server's own meters."""
        meters = await self.client.get("/metrics")
        sums = self.replayed.model_dump()
        for family in text_string_to_metric_families(meters.text):
            if name := METERS.get(family.name):
                sums[name] += sum(int(s.value) for s in family.samples if s.name.endswith("_total"))
        return Cost(**sums)

    async def conversation(self, turns: Sequence[dict[str, Any]], thread: str) -> AsyncIterator[Turn]:
        """The turns of one conversation, one after another; without a thread every request carries all that was said before."""
        said: list[dict[str, str]] = []
        for turn in turns:
            said.append({"role": "user", "content": turn["question"]})
            about = {"search": self.search, "person": turn["asker"], **({"thread": thread} if thread else {})}
            body = {"model": MODEL, "messages": said[-1:] if thread else said, "metadata": about}
            response = await self.client.post("/v1/chat/completions", json=body)
            told = _whole(response)["choices"][0]["message"]
            said.append({"role": "assistant", "content": told["content"]})
            yield await self._turn(turn["asker"], told)

    async def _turn(self, asker: str, told: dict[str, Any]) -> Turn:
        """The turn, with its kind as the conversation's record has it: the chat itself does not say how a question was understood."""
        more = told["plumbline"]
        params: dict[str, Any] = {"as": asker, "thread": more["thread"], "limit": 200}
        kept = _whole(await self.client.get(f"/v1/searches/{self.search}/questions", params=params))["items"]
        last = next(a for a in reversed(kept) if a["number"] == more["number"])
        cited = tuple({**c, "interview": self.interviews.get(c["interview"], ""), "quote": c["text"]} for c in more["citations"])
        lines = tuple(s["text"] for s in last["sentences"])
        return Turn(told["content"], cited, last["kind"], lines, any(s["held"] for s in last["sentences"]))


@asynccontextmanager
async def opened(path: Path, given: Conditions) -> AsyncIterator[Door]:
    """The search in that folder, replayed into a home of its own and served from there; everything is gone afterwards.

    What the run leaves out is left out while the search is put on record; the server's own process has all of it.
    """
    with fresh_home() as home:
        settings = given.settings(Path(home))
        with left_out(given.without):
            async with open_workbench(settings) as bench:
                await replay_search(bench, path, lambda _: None)
                cost = spent(bench)
        server = Tried(Path(home), given=given)
        await server.start()
        try:
            headers = {"Authorization": f"Bearer {server.key(settings.organisation)}"}
            async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=PATIENCE_S) as client:
                listed = _whole(await client.get(f"/v1/searches/{path.name}/interviews", params={"limit": 200}))["items"]
                yield Door(client, path.name, {i["id"]: i["name"] for i in listed}, cost)
        finally:
            await server.stop()


def _whole(response: httpx.Response) -> dict[str, Any]:
    if response.status_code != 200:
        raise RuntimeError(f"the server answered {response.status_code}: {response.text[:300]}")
    found: dict[str, Any] = response.json()
    return found
