"""One chat model as judgements ask it: a typed reply that passed its check, one repair, then a typed error; always within the budget."""

import asyncio
import json
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from langchain_core.messages import AIMessage, BaseMessage
from pydantic import BaseModel

from agents.ask.ledger import Ledger
from agents.ask.reading import Check, Unfit, read
from agents.ask.replies import KeptReplies, Reply
from agents.ask.requests import Requests
from agents.prompts import Prompt, prompt
from alignment.errors import Misbehaved
from alignment.record import digest
from alignment.settings import AskSettings

R = TypeVar("R", bound=BaseModel)
SHOWN_BACK = 4000


@dataclass(frozen=True)
class Asked(Generic[R]):
    """A typed reply; `flips` is the share of replies that did not agree with it, None where it was asked once."""

    reply: R
    prompt: str
    model: str
    flips: float | None = None


@dataclass
class Asker:
    """One model, its limits, the replies that are kept, what was spent, and the folder of prompts that stand in for our own."""

    requests: Requests
    limits: AskSettings
    kept: KeptReplies | None
    ledger: Ledger
    room: asyncio.Semaphore
    prompts: Path | None = None
    asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The model as it was named in the settings."""
        return self.requests.name

    async def ask(
        self,
        asked: Prompt,
        reply: type[R],
        values: dict[str, str],
        *,
        check: Check[R] = lambda _: "",
        same: Callable[[R], Hashable] | None = None,
    ) -> Asked[R]:
        """The model's reply to a prompt.

        `check` says in a sentence what is wrong with a reply of the right shape. `same` names what has to agree where the settings
        ask more than once; without it one ask is enough. Errors: Misbehaved after one repair or without a majority, ModelDown.
        """
        messages = asked.messages(**values)
        if same is None or self.limits.times == 1:
            return Asked(await self._within(asked, messages, reply, check, 0), asked.hash, self.name)
        return await self._agreed(asked, messages, reply, check, same)

    async def _agreed(
        self, asked: Prompt, messages: list[BaseMessage], reply: type[R], check: Check[R], same: Callable[[R], Hashable]
    ) -> Asked[R]:
        times = self.limits.times
        tries = [self._within(asked, messages, reply, check, n) for n in range(times)]
        got = await asyncio.gather(*tries, return_exceptions=True)
        groups: dict[Hashable, list[R]] = {}
        failures = [g for g in got if isinstance(g, BaseException)]
        for g in got:
            if not isinstance(g, BaseException):
                groups.setdefault(same(g), []).append(g)
        for e in failures:
            if not isinstance(e, Exception) or not groups:
                raise e
        most = max(groups.values(), key=len)
        if 2 * len(most) <= times:
            raise Misbehaved(f"{self.name}, asked {times} times, gave no answer that most replies agree on", where=asked.name)
        return Asked(most[0], asked.hash, self.name, flips=round(1 - len(most) / times, 4))

    async def _within(self, asked: Prompt, messages: list[BaseMessage], reply: type[R], check: Check[R], nth: int) -> R:
        used = self.ledger.of(asked.name, self.name)
        # Waiting for a turn is nobody's slowness; the budget runs from when it comes.
        async with self.room:
            started = time.monotonic()
            try:
                async with asyncio.timeout(self.limits.budget_s):
                    return await self._repaired(asked, messages, reply, check, nth)
            except TimeoutError as e:
                used.failed += 1
                raise self.requests.late() from e
            except Exception:
                used.failed += 1
                raise
            finally:
                used.seconds += time.monotonic() - started

    async def _repaired(self, asked: Prompt, messages: list[BaseMessage], reply: type[R], check: Check[R], nth: int) -> R:
        schema = reply.model_json_schema()
        text = await self._text(asked, messages, schema, nth)
        try:
            return read(text, reply, check)
        except Unfit as e:
            self.ledger.of(asked.name, self.name).repaired += 1
            shown = AIMessage(text[:SHOWN_BACK] or "(nothing)")
            again = self._repair().messages(problem=str(e))[1:]
            text = await self._text(asked, [*messages, shown, *again], schema, nth)
        try:
            return read(text, reply, check)
        except Unfit as e:
            raise Misbehaved(f"{self.name} gave no usable reply, asked twice: {e.kind}", where=asked.name) from e

    async def _text(self, asked: Prompt, messages: list[BaseMessage], schema: dict[str, Any], nth: int) -> str:
        used = self.ledger.of(asked.name, self.name)
        if self.kept is None:
            return (await self._sent(asked, messages, schema, nth)).text
        key = self._key(messages, schema, nth)
        # Two claims that ask the same at once get the same reply, as they will when it is read from the file.
        async with self.asking.setdefault(key, asyncio.Lock()):
            try:
                found = self.kept.get(key)
                if found is not None:
                    used.from_cache += 1
                    return found.text
                reply = await self._sent(asked, messages, schema, nth)
                self.kept.keep(key, reply, judgement=asked.name, model=self.name)
            finally:
                self.asking.pop(key, None)
            return reply.text

    async def _sent(self, asked: Prompt, messages: list[BaseMessage], schema: dict[str, Any], nth: int) -> Reply:
        used = self.ledger.of(asked.name, self.name)
        used.asked += 1
        reply = await self.requests.send(messages, schema, self.limits.seed + nth)
        used.tokens_in += reply.tokens_in
        used.tokens_out += reply.tokens_out
        return reply

    def _key(self, messages: list[BaseMessage], schema: dict[str, Any], nth: int) -> str:
        settings = [self.limits.temperature, self.limits.seed + nth, self.limits.reply_tokens, self.limits.structured]
        said = [[m.type, str(m.content)] for m in messages]
        return digest(self.name, self.requests.address, json.dumps([settings, schema, said], sort_keys=True))

    def _repair(self) -> Prompt:
        return prompt(Path(__file__).parent, "repair", frozenset({"problem"}), self.prompts)
