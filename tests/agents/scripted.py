"""A chat model that says what a test wants, behind LangChain's own interface: what it is asked is told by the shape it is asked for."""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from agents.ask import Asker, KeptReplies, Ledger
from agents.ask.requests import Requests
from agents.feedback_shaper.model import judgements
from agents.models import JUDGEMENTS
from agents.workbench import Workbench
from alignment.settings import AskSettings

NAME = "scripted:mallory"
ASKED_FOR = {'"claims"': "split", '"reads_as"': "screen", '"criterion": "M2"': "tie", '"verdict"': "weigh"}
Says = Callable[[str, list[BaseMessage]], str]
"""A judgement's name and the messages -> the text of the reply."""


class Scripted(BaseChatModel):
    """Replies with what `says` returns, raises what it raises, and hangs where it says so."""

    says: Any
    seed: int | None = None
    temperature: float | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        text = self.says(judgement_of(messages), messages)
        if text is HANGS:
            await asyncio.sleep(3600)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])


HANGS: Any = object()


def judgement_of(messages: list[BaseMessage]) -> str:
    """Which judgement a prompt asks for."""
    system = str(messages[0].content)
    found = next((name for mark, name in ASKED_FOR.items() if mark in system), "")
    return found or ("question" if "Ask what the interviewer saw" in system else "draft")


def asker(says: Says, limits: AskSettings | None = None, kept: KeptReplies | None = None) -> Asker:
    """An asker of a scripted model."""
    limits = limits or AskSettings(attempts=1, budget_s=5, timeout_s=5)
    requests = Requests(name=NAME, chat=Scripted(says=says), limits=limits)
    return Asker(requests=requests, limits=limits, kept=kept, ledger=Ledger(), room=asyncio.Semaphore(limits.at_once))


def judged_by_model(bench: Workbench, says: Says, limits: AskSettings | None = None) -> Workbench:
    """The same workbench with that model for every judgement."""
    one = asker(says, limits)
    return replace(bench, judgements=judgements(dict.fromkeys(JUDGEMENTS, one)), ledger=one.ledger)


def in_turn(replies: Mapping[str, list[str]]) -> Says:
    """Says, for each judgement, one reply after the other, from the first again where they run out."""
    rows: dict[str, Iterator[str]] = {name: itertools.cycle(texts) for name, texts in replies.items()}
    return lambda name, _: next(rows[name])
