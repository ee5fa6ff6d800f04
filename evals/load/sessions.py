"""What people say to the three agents, turn after turn, and what must be on record in the end: each acknowledged turn once."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

MANAGER, RECRUITER, READER = "Priya Raman", "Dana Whitlock", "Inés Duarte"
QUESTIONS = (
    "What did he say about the rye?",
    "And what happened to the van?",
    "Who asked about the oven?",
    "When did he speak of the dough?",
    "Was M1 tested?",
    "What is missing?",
    "Did he say anything about teaching?",
    "What came first, the oven or the van?",
    "Should we hire him?",
    "What does the contract say about nights?",
)
FEEDBACK = (
    "When the oven failed he moved the rye to the small one and still got the van out. That was piece {n} of what I saw.",
    "I asked whether he has taught anybody a dough, time {n}, and got nothing but that it depends.",
    "Pleasant enough. It did not click for me, number {n}.",
)
ANSWERS = (
    "They must have run a bakery through a winter of nights, week {n}, without closing once.",
    "One would hear what they did the night something broke, and who got bread at six.",
    "They must have taught somebody a dough who now makes it alone, apprentice {n}.",
    "I would give up a diploma for somebody who has carried a town's Saturday.",
    "If they blame the new one for a burnt batch, it is over.",
    "I don't know.",
)
RETRIED = (409, 429, 503)
AGAIN_S = 0.1


@dataclass
class Meter:
    """What was measured: the seconds of each turn by agent, what went wrong, how often something had to be sent again."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    resent: int = 0

    @property
    def turns(self) -> int:
        """How many turns were acknowledged."""
        return sum(len(s) for s in self.seconds.values())


@dataclass
class Session:
    """One person in one conversation.

    `said` are the texts whose turns were acknowledged, in their order, `written` the pieces of feedback among them."""

    client: httpx.AsyncClient
    meter: Meter
    number: int
    search: str
    forgiving: bool
    said: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    async def turn(self, model: str, text: str, **metadata: str) -> dict[str, Any]:
        """One turn, sent again under its key until it is acknowledged; streamed every other time."""
        body = {"model": model, "messages": [{"role": "user", "content": text}], "metadata": {"search": self.search, **metadata}}
        headers = {"Idempotency-Key": uuid4().hex}
        streamed = len(self.said) % 2 == 1
        began = time.perf_counter()
        while True:
            told = await self._sent({**body, "stream": streamed}, headers, streamed)
            if told is not None:
                self.meter.seconds.setdefault(model, []).append(time.perf_counter() - began)
                self.said.append(text)
                return told
            self.meter.resent += 1
            await asyncio.sleep(AGAIN_S)

    async def _sent(self, body: dict[str, Any], headers: dict[str, str], streamed: bool) -> dict[str, Any] | None:
        """What came back, or None where it has to be sent again: the connection broke, or the server asks for it."""
        try:
            response = await self.client.post("/v1/chat/completions", json=body, headers=headers)
        except httpx.TransportError as e:
            if not self.forgiving:
                self.meter.errors.append(f"{type(e).__name__} on {body['model']}")
            return None
        if response.status_code in RETRIED:
            if not self.forgiving:
                self.meter.errors.append(f"{response.status_code} on {body['model']}: {response.text[:200]}")
            return None
        if response.status_code != 200:
            raise AssertionError(f"{response.status_code} on {body['model']}: {response.text[:300]}")
        if not streamed:
            message = response.json()["choices"][0]["message"]
            return {"text": message["content"], **message["plumbline"]}
        return _whole(response.text)

    async def read(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """A whole list, page by page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            response = await self.client.get(path, params={**params, "limit": 200, "cursor": cursor})
            response.raise_for_status()
            found += response.json()["items"]
            if not (cursor := response.json()["next"] or ""):
                return found


def _whole(stream: str) -> dict[str, Any] | None:
    """The turn of a stream; None where it broke off before its end."""
    events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: {")]
    if not stream.rstrip().endswith("data: [DONE]"):
        return None
    deltas = [c["delta"] for e in events for c in e.get("choices", ())]
    told = next(d["plumbline"] for d in reversed(deltas) if "plumbline" in d)
    return {"text": "".join(d.get("content") or "" for d in deltas), **told}


class Asking(Session):
    """Somebody who questions the referee in one conversation."""

    async def step(self) -> None:
        """One question."""
        n = len(self.said)
        told = await self.turn("debrief-referee", f"{QUESTIONS[n % len(QUESTIONS)]} ({n})", person=RECRUITER, thread=f"load-{self.number}")
        if told["number"] != n + 1:
            self.meter.errors.append(f"question {n + 1} is counted as {told['number']}")

    async def wrong(self) -> list[str]:
        """What is not as it was acknowledged."""
        kept = await self.read(f"/v1/searches/{self.search}/questions", thread=f"load-{self.number}", **{"as": RECRUITER})
        held = [a["question"] for a in kept]
        right = held == self.said[-len(held) :] and (not self.said or kept[-1]["number"] == len(self.said))
        return [] if right else [f"session {self.number} asked {len(self.said)}, on record are {len(held)} and they differ"]


class Writing(Session):
    """An interviewer who writes feedback and accepts what comes back."""

    async def step(self) -> None:
        """One piece of feedback, then its answer."""
        n = len(self.written)
        text = FEEDBACK[n % len(FEEDBACK)].format(n=f"{self.number}-{n}")
        told = await self.turn("feedback-shaper", text, person=READER, interview="1-work")
        self.written.append(text)
        if told["waiting"]:
            done = await self.turn("feedback-shaper", "accept all", person=READER, thread=told["thread"])
            if not done["done"]:
                self.meter.errors.append(f"feedback {told['thread']} was accepted and still waits")

    async def wrong(self) -> list[str]:
        """What is not as it was acknowledged."""
        rows = await self.read(f"/v1/searches/{self.search}/feedback")
        own = [r for r in rows if r["feedback"]["raw"] in set(self.written)]
        raws = sorted(r["feedback"]["raw"] for r in own)
        found = [] if raws == sorted(self.written) else [f"session {self.number}: feedback is lost or doubled"]
        return found + [f"{r['feedback']['id']} was settled and is not" for r in own if not r["shaped"]]


class Settling(Session):
    """A manager in an intake; when it ends, the next search's begins."""

    async def step(self) -> None:
        """One answer."""
        if not self.said:
            body = {"slug": self.search, "title": "Night baker", "recruiter": RECRUITER, "hiring_manager": MANAGER}
            while True:
                try:
                    (await self.client.post("/v1/searches", json=body)).raise_for_status()
                    break
                except httpx.TransportError:
                    await asyncio.sleep(AGAIN_S)
        n = len(self.said)
        told = await self.turn("intake-agent", ANSWERS[n % len(ANSWERS)].format(n=n), person=MANAGER)
        if told["done"] and (wrong := await self._patiently()):
            self.meter.errors += wrong
        if told["done"]:
            self.search, self.said = f"{self.search.split('.')[0]}.{n}-{uuid4().hex[:6]}", []

    async def _patiently(self) -> list[str]:
        while True:
            try:
                return await self.wrong()
            except httpx.TransportError:
                await asyncio.sleep(AGAIN_S)

    async def wrong(self) -> list[str]:
        """What is not as it was acknowledged."""
        if not self.said:
            return []
        response = await self.client.post(f"/v1/searches/{self.search}/intake")
        turns = [t["text"] for t in response.json()["turns"] if t["by"]]
        # Asking for a session that has ended goes on with it, and adds no answer.
        return [] if turns == self.said else [f"session {self.number} gave {len(self.said)} answers, on record are {len(turns)}"]
