"""The intake agent's judgements by any chat model: it names turns, and the words are taken from the record."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.ask import Asker, count_tokens
from agents.intake_agent.judgements import Heard, HeardKind, HearIn, HearOut, Judgements, Line, LineKind, ReadIn, ReadOut, Turn
from agents.intake_agent.rules import RULES
from agents.intake_agent.rules.hearing import denies
from agents.intake_agent.rules.words import nearest_words
from agents.language.injections import addressed
from agents.prompts import Prompt, as_data, as_lines, prompt
from agents.seam import Askers, By, judged_by
from alignment.errors import TooLong

_VARIABLES = {"read": frozenset({"turns"}), "hear": frozenset({"move", "about", "by", "held", "answer"})}


class LineReply(BaseModel):
    """One thing that the call settles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: LineKind
    side: Literal["recruiter", "hiring_manager"] | None = None
    text: str = Field(min_length=1, max_length=400)
    turns: list[str] = Field(min_length=1, max_length=4)


class ReadReply(BaseModel):
    """Everything that the call settles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: list[LineReply] = Field(max_length=30)


class HeardReply(BaseModel):
    """One thing that an answer says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: HeardKind
    words: str = Field(default="", max_length=2000)
    about: str = Field(default="", max_length=8)


class HearReply(BaseModel):
    """Everything that an answer says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heard: list[HeardReply] = Field(max_length=20)


_WORDLESS = frozenset({HeardKind.UNKNOWN, HeardKind.AGREE, HeardKind.PREFER, HeardKind.DROP})


async def read(asker: Asker, given: ReadIn) -> ReadOut:
    """What the call settles; TooLong where the whole call is more than the model is sent."""
    asked = _prompt(asker, "read")
    turns = "\n".join(as_lines([{"turn": t.label, "by": t.side or "somebody else", "said": t.text} for t in given.turns]))
    _must_fit(asked, turns, asker.limits.tokens)
    by_label = {t.label: t for t in given.turns}

    def check(reply: ReadReply) -> str:
        unknown = [label for line in reply.lines for label in line.turns if label not in by_label]
        return (
            f"There is no turn {unknown[0]}; name turns by their labels, {given.turns[0].label} to {given.turns[-1].label}."
            if unknown
            else ""
        )

    got = await asker.ask(asked, ReadReply, {"turns": turns}, check=check, same=_settled)
    return ReadOut(lines=tuple(_line(line, by_label) for line in got.reply.lines), by=By.of(got))


async def hear(asker: Asker, given: HearIn) -> HearOut:
    """What one answer says."""
    asked = _prompt(asker, "hear")
    held = [{"label": h.label, "kind": h.kind.value, "text": h.text} for h in given.held]

    def check(reply: HearReply) -> str:
        return next((wrong for h in reply.heard if (wrong := _wrong(h, given))), "")

    values = {
        "move": given.move.value,
        "about": as_data(list(given.about)),
        "by": given.side or "somebody else",
        "held": "\n".join(as_lines(held)) or "(nothing)",
        "answer": as_data(given.message),
    }
    got = await asker.ask(asked, HearReply, values, check=check, same=lambda r: tuple((h.kind, h.about) for h in r.heard))
    heard = tuple(Heard(kind=h.kind, words=h.words, about=h.about) for h in got.reply.heard)
    # A yes binds people: it counts where the rules read one too.
    yes = any(h.kind is HeardKind.AGREE for h in (await RULES.hear(given)).heard)
    heard = tuple(h for h in heard if yes or h.kind is not HeardKind.AGREE)
    return HearOut(heard=heard or (Heard(kind=HeardKind.UNKNOWN),), by=By.of(got))


def _wrong(h: "HeardReply", given: HearIn) -> str:
    """What cannot be taken of one thing heard: words that were not said, a line that there is not, an order to the AI."""
    if h.words and (h.words not in given.message or addressed(h.words)):
        return f"{as_data(h.words[:200])} does not stand in the answer in these words; copy it exactly."
    if h.words and h.kind is not HeardKind.DROP and _denied_before(given.message, h.words):
        return f"{as_data(h.words[:200])} is cut out of a sentence that denies it; copy the whole sentence."
    if not h.words and h.kind not in _WORDLESS:
        return f"{h.kind.value} needs the words of the answer that say so."
    if h.about and h.about not in {x.label for x in given.held} | set(given.about):
        return f"There is no line {h.about}."
    return ""


def _denied_before(message: str, words: str) -> bool:
    """Whether what stands before the words in their own sentence turns them round: "never", "not", "without"."""
    before = re.split(r"[.!?;\n]", message[: message.find(words)])[-1]
    return denies(before)


def judgements(askers: Askers) -> Judgements:
    """The judgements with a model where one is set, and the rules for the rest and wherever a model fails.

    Errors: PromptMismatch or BadSettings for a prompt that cannot be used, which is found now and not when it is first asked.
    """
    for name in _VARIABLES.keys() & askers.keys():
        _prompt(askers[name], name)
    return Judgements(read=judged_by(askers.get("read"), read, RULES.read), hear=judged_by(askers.get("hear"), hear, RULES.hear))


def _prompt(asker: Asker, name: str) -> Prompt:
    return prompt(Path(__file__).parent, name, _VARIABLES[name], asker.prompts)


def _settled(reply: ReadReply) -> frozenset[tuple[str, str]]:
    """What has to agree where it is asked more than once: which turns carry which kind."""
    return frozenset((line.kind.value, line.turns[0]) for line in reply.lines)


def _line(line: LineReply, turns: dict[str, Turn]) -> Line:
    labels = dict.fromkeys(line.turns)
    said = tuple(nearest_words(turns[label], line.text) for label in sorted(labels, key=list(turns).index))
    return Line(kind=line.kind, text=line.text.strip(), said=said, side=line.side)


def _must_fit(asked: Prompt, turns: Sequence[str] | str, most: int) -> None:
    tokens = count_tokens(asked.system) + count_tokens(str(turns))
    if tokens > most:
        raise TooLong(
            f"The call takes {tokens} tokens, and a model is sent at most {most}",
            where="PLUMBLINE_ASK__TOKENS",
            todo="Raise it, if the model takes more.",
        )
