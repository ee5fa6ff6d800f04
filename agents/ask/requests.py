"""One model's requests: bounded in time and number, repeated where the failure may pass, and told in words that hold no secret."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable, RunnableSequence
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from agents.ask.chats import address_of
from agents.ask.replies import Reply
from alignment.errors import ModelDown
from alignment.settings import AskSettings

PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
DOWN_AFTER, PAUSE_S = 3, 20.0
_OUTAGES = (httpx.TransportError, ConnectionError, TimeoutError)
_LEFT_OUT = {
    "temperature": ("temperature",),
    "seed": ("seed",),
    "schema": ("response_format", "json_schema", "structured output", "schema", "grammar", "tool_choice", "does not support tools"),
}
# What a kept connection says whose event loop has ended, in a process that has one after the other: providers' packages share their
# connections among all. It is let go of with that, and the next attempt opens one of its own.
_LOOP_ENDED = "Event loop is closed"
_CODE = re.compile(r"[a-z][a-z_]{2,40}")


class _Passing(Exception):
    """A failure after which the same request may succeed."""


class _Unknown(Exception):
    """Something in the request that this model does not know: a schema for its reply, a temperature, a seed."""


@dataclass
class Requests:
    """The requests to one chat model.

    After three failures in a row that are nobody's reply, nothing is asked for twenty seconds: a whole debrief would else wait for
    every claim in turn to find the same server gone.
    """

    name: str
    chat: BaseChatModel
    limits: AskSettings
    failures: int = 0
    asked_again_at: float = 0.0
    refused: set[str] = field(default_factory=set)
    bound: dict[str, Runnable[Any, Any]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the requests go, empty where the provider's package does not tell."""
        return address_of(self.chat)

    async def send(self, messages: list[BaseMessage], schema: dict[str, Any], seed: int) -> Reply:
        """The reply to these messages; ModelDown where there is none within the attempts allowed."""
        if time.monotonic() < self.asked_again_at:
            raise ModelDown(f"{self.name} was not asked, since it failed {self.failures} times in a row just now")
        try:
            reply = await self._repeated(messages, schema, seed)
        except ModelDown:
            self.failures += 1
            if self.failures >= DOWN_AFTER:
                self.asked_again_at = time.monotonic() + PAUSE_S
            raise
        self.failures = 0
        return reply

    def late(self) -> ModelDown:
        """What to raise where the budget ran out; it counts as a failure."""
        self.failures += 1
        if self.failures >= DOWN_AFTER:
            self.asked_again_at = time.monotonic() + PAUSE_S
        return ModelDown(f"{self.name} was slow past its budget of {self.limits.budget_s:g} seconds", where="PLUMBLINE_ASK__BUDGET_S")

    async def _repeated(self, messages: list[BaseMessage], schema: dict[str, Any], seed: int) -> Reply:
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self.limits.attempts),
            wait=wait_exponential_jitter(multiplier=0.5, max=8),
            retry=retry_if_exception_type(_Passing),
            reraise=True,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._once(messages, schema, seed)
        except _Passing as e:
            times = "once" if self.limits.attempts == 1 else f"{self.limits.attempts} times"
            raise ModelDown(f"{self.name} did not answer, asked {times}: {e}") from e
        raise AssertionError("tenacity returns or raises")  # pragma: no cover

    async def _once(self, messages: list[BaseMessage], schema: dict[str, Any], seed: int) -> Reply:
        try:
            async with asyncio.timeout(self.limits.timeout_s):
                message = await self._runnable(schema, seed).ainvoke(messages)
        except Exception as e:  # every provider raises its own
            failure = _failure(self.name, e)
            if isinstance(failure, _Unknown) and str(failure) not in self.refused:
                # Told once: from here on it is asked without, and the shape of the reply in words alone.
                self.refused.add(str(failure))
                return await self._once(messages, schema, seed)
            if isinstance(failure, _Unknown):
                raise ModelDown(f"{self.name} refuses the request, with and without its {failure}") from e
            raise failure from e
        return _reply(message)

    def _runnable(self, schema: dict[str, Any], seed: int) -> Runnable[Any, Any]:
        structured = self.limits.structured and "schema" not in self.refused
        key = f"{schema['title'] if structured else ''}:{seed}:{sorted(self.refused)}"
        if key not in self.bound:
            wanted = {"seed": seed, "temperature": self.limits.temperature}
            known = {k: None if k in self.refused else v for k, v in wanted.items() if getattr(self.chat, k, None) is not None}
            chat = self.chat.model_copy(update=known)
            self.bound[key] = _with_schema(chat, schema) if structured else chat
        return self.bound[key]


def _with_schema(chat: BaseChatModel, schema: dict[str, Any]) -> Runnable[Any, Any]:
    """The model asked for that schema in its provider's own way, without LangChain's parser.

    The parser mends broken JSON, and takes a time with the square of its length to do so.
    """
    profile: Any = chat.profile or {}
    if profile and not (profile.get("structured_output") or profile.get("tool_calling")):
        return chat
    try:
        made = chat.with_structured_output(schema)
    except (NotImplementedError, ValueError):
        return chat
    return made.first if isinstance(made, RunnableSequence) else chat


def _reply(message: Any) -> Reply:
    if not isinstance(message, AIMessage):
        raise ModelDown(f"The reply is no message but {type(message).__name__}")
    calls = message.tool_calls
    text = Reply.model_validate({"text": json.dumps(calls[0]["args"], ensure_ascii=False) if calls else str(message.text)})
    used: Any = message.usage_metadata or {}
    return text.model_copy(update={"tokens_in": int(used.get("input_tokens") or 0), "tokens_out": int(used.get("output_tokens") or 0)})


def _failure(name: str, e: Exception) -> Exception:
    """What an exception of a provider amounts to; its message is not repeated, since it may hold a key or what people said."""
    status = getattr(e, "status_code", None) or getattr(getattr(e, "response", None), "status_code", None)
    code = getattr(e, "code", None)
    told = type(e).__name__ + (f" {status}" if isinstance(status, int) else "")
    told += f" {code}" if isinstance(code, str) and _CODE.fullmatch(code) else ""
    if isinstance(status, int):
        if status in (400, 404, 422, 500, 501) and (what := _unknown(e)):
            return _Unknown(what)
        if status in PASSING or status >= 500:
            return _Passing(told)
        return ModelDown(f"{name} refused the request: {told}", todo="Check the model's name and the provider's key.")
    if isinstance(e, NotImplementedError):
        return _Unknown("schema")
    if isinstance(e, RuntimeError) and str(e) == _LOOP_ENDED:
        return _Passing(told)
    outage = isinstance(e, _OUTAGES) or isinstance(e.__cause__, _OUTAGES)
    if outage or "Connection" in type(e).__name__ or "Timeout" in type(e).__name__:
        return _Passing(told)
    return ModelDown(f"The answer of {name} could not be taken: {told}")


def _unknown(e: Exception) -> str:
    """What the provider complains of, where it is something that can be left out."""
    complaint = str(e).lower()
    return next((what for what, words in _LEFT_OUT.items() if any(w in complaint for w in words)), "")
