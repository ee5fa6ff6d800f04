"""Figures of ragas over a run that is finished: `python -m evals.ragas_bridge RUN [--judge openai:MODEL]`.

ragas holds openai, jiter and rich back, so it lives in an environment of its own (`HOW`), and this step reads nothing but the run's folder.
It reads `answer["ragas"]` of each outcome, an object whose fields are all optional (`evals.judges.Shown`): `question`, `response` (what
the user was shown), `quotes`, `contexts` ([{"id", "text"}] as retrieved, best first), `reference_ids` (the right contexts), `turns`
([{"role", "text"}]), `topics` and `goal`. A figure takes the cases that have what it needs. Written beside summary.json: ragas.json in
the same shape, ragas.jsonl with every scoring, ragas.manifest.json with what makes it again.

Without a judge: quotes that are in the contexts, precision and recall by ids. With one, a model behind an OpenAI-compatible address
(OPENAI_BASE_URL): faithfulness, groundedness, topics, goals, and a critic for each file in `evals/critics`.
"""

import logging
import os
import re
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from alignment.errors import BadSettings
from evals.judges import Scorer, Shown

CRITICS = Path(__file__).parent / "critics"
HOW = "python3.11 -m venv .venv-ragas && .venv-ragas/bin/pip install -c constraints-ragas.txt -e . ragas==0.4.3 langchain-community==0.4.1"
TOPICS = ("the role and what it needs", "hiring criteria and trade-offs", "feedback on an interview", "what was said in an interview")
"""What conversations with the product are about, for cases that name no topics of their own."""
KEEPS, BREAKS = "keeps", "breaks"
REPAIRS = 1
"""How often a judge is asked again for a reply that cannot be read, within one scoring."""
_QUOTE_MARKS = re.compile("[\"'`\u00b4\u2018\u2019\u201c\u201d\u201e\u201f\\s]+")
_END, _TAG = " |", re.compile(r"</?[a-z_]+[^<>]*>")


def ragas_parts() -> SimpleNamespace:
    """What is used of ragas; BadSettings with the command to run where it is not installed."""
    # It reports every use to its makers unless it is told not to.
    os.environ.setdefault("RAGAS_DO_NOT_TRACK", "true")
    # It tells every reply that it could not read, each of which is counted and kept here.
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ragas import SingleTurnSample, messages
            from ragas.llms import llm_factory
            from ragas.metrics import DiscreteMetric, IDBasedContextPrecision, IDBasedContextRecall, collections
    except ImportError as e:
        again = f".venv-ragas/bin/python -m evals.ragas_bridge RUN{' --judge openai:MODEL'}"
        raise BadSettings(f"These figures need ragas, which cannot be imported here: {e}", todo=f"Run `{HOW}`, then `{again}`.") from e
    return SimpleNamespace(
        sample=SingleTurnSample,
        messages=messages,
        llm=llm_factory,
        critic=DiscreteMetric,
        precision=IDBasedContextPrecision,
        recall=IDBasedContextRecall,
        made=collections,
    )


def rules(parts: SimpleNamespace) -> list[Scorer]:
    """What needs no model."""

    async def quoted(told: Shown, repeat: int) -> float:
        # ragas takes every apostrophe for a quotation mark, so marks go from both sides; and the contexts end in a mark that no quote has,
        # so that no quote is found across two of them.
        said = " ".join(f'"{_plain(q)}"' for q in told.quotes if _plain(q))
        metric = parts.made.QuotedSpansAlignment(min_span_words=1)
        return float((await metric.ascore(response=said, retrieved_contexts=[_plain(t) + _END for t in told.texts])).value)

    def by_ids(metric: Callable[[], Any]) -> Callable[[Shown, int], Awaitable[float]]:
        async def score(told: Shown, repeat: int) -> float:
            ids = [c.id for c in told.contexts]
            sample = parts.sample(retrieved_context_ids=ids, reference_context_ids=list(told.reference_ids))
            return float(await metric().single_turn_ascore(sample))

        return score

    return [
        Scorer("quoted_spans_alignment", "quotes that stand word for word in the contexts", _quotes, quoted, swaps=True),
        Scorer("id_context_precision", "contexts that are right ones", _ids, by_ids(parts.precision), swaps=True),
        # Nothing retrieved is a recall of zero, and no precision at all.
        Scorer("id_context_recall", "right contexts that were retrieved", _gold, by_ids(parts.recall), swaps=True),
    ]


def _plain(text: str) -> str:
    return _QUOTE_MARKS.sub(" ", text.replace(_END.strip(), " ")).strip()


def _quotes(told: Shown) -> bool:
    return any(_plain(q) for q in told.quotes) and "contexts" in told.model_fields_set


def _gold(told: Shown) -> bool:
    return bool(told.reference_ids) and "contexts" in told.model_fields_set


def _ids(told: Shown) -> bool:
    return _gold(told) and bool(told.contexts)


def _answered(told: Shown) -> bool:
    return bool(told.response.strip()) and any(t.strip() for t in told.texts)


@dataclass(frozen=True)
class Judge:
    """A model that judges, behind an OpenAI-compatible address."""

    model: str
    temperature: float = 0.01
    max_tokens: int = 1024


def judge_named(name: str, temperature: float = 0.01) -> Judge:
    """The judge of that name; BadSettings for a provider that ragas is not asked through."""
    provider, _, model = name.partition(":")
    if provider != "openai" or not model:
        todo = "Name it as openai:MODEL; OPENAI_BASE_URL names the address where it is not OpenAI's own."
        raise BadSettings(f"{name!r} names no judge that ragas reaches", where="--judge", todo=todo)
    return Judge(model, temperature)


class Hearing:
    """The replies of one scoring, kept so that ragas cannot take half an answer for a whole one.

    ragas rates on after a failed call where another one did well, and fills up lists that are too short: either is a failed scoring.
    """

    def __init__(self, ask: Callable[..., Awaitable[Any]]) -> None:
        self._ask = ask
        self._things: int | None = None
        self.failed: list[str] = []

    async def __call__(self, prompt: str, response_model: Any) -> Any:
        """The model's reply; raises what ragas would otherwise pass over."""
        try:
            reply = await self._ask(prompt, response_model)
            self._whole(reply)
        except Exception as e:
            self.failed.append(f"{type(e).__name__}: {_TAG.sub(' ', str(e)).strip()}")
            raise ValueError(self.failed[-1]) from e
        return reply

    def _whole(self, reply: Any) -> None:
        """The first list of a scoring takes the answer apart; each later one judges its parts one by one."""
        for value in vars(reply).values():
            if isinstance(value, list):
                if self._things is None:
                    self._things = len(value)
                elif len(value) != self._things:
                    raise ValueError(f"the judge told {len(value)} verdicts on {self._things} things")


@dataclass(frozen=True)
class _Question:
    """What a model is asked of a case: `ask` is given the model and what was shown."""

    name: str
    told: str
    fits: Callable[[Shown], bool]
    ask: Callable[[Any, Shown], Awaitable[Any]]
    swaps: bool = False


def judged_by(judge: Judge, client: Any, parts: SimpleNamespace, critics: Path = CRITICS) -> list[Scorer]:
    """What a model judges, and a critic for each prompt in the folder."""

    def scorer(question: _Question) -> Scorer:
        async def score(told: Shown, repeat: int) -> float:
            # A provider that heeds the seed answers anew at each repeat, and the same again when the whole is run again.
            given = {"temperature": judge.temperature, "max_tokens": judge.max_tokens, "seed": repeat, "max_retries": REPAIRS}
            llm = parts.llm(judge.model, provider="openai", client=client, **given)
            hearing = llm.agenerate = Hearing(llm.agenerate)
            value = (await question.ask(llm, told)).value
            if hearing.failed:
                raise ValueError(hearing.failed[0])
            return float({KEEPS: 1.0, BREAKS: 0.0}.get(value, value))

        return Scorer(question.name, question.told, question.fits, score, asks=True, swaps=question.swaps)

    return [scorer(q) for q in (*_of_answers(parts), *_of_conversations(parts), *_of_rules(critics, parts))]


def _of_answers(parts: SimpleNamespace) -> list[_Question]:
    made = parts.made
    return [
        _Question(
            "faithfulness",
            "statements of the answer that follow from the contexts",
            lambda s: bool(s.question) and _answered(s),
            lambda llm, s: made.Faithfulness(llm).ascore(s.question, s.response, s.texts),
            swaps=True,
        ),
        _Question(
            "response_groundedness",
            "how far the answer is borne out by the contexts, as two prompts grade it",
            _answered,
            lambda llm, s: made.ResponseGroundedness(llm, max_retries=1).ascore(s.response, s.texts),
            swaps=True,
        ),
    ]


def _of_conversations(parts: SimpleNamespace) -> list[_Question]:
    made = parts.made
    return [
        _Question(
            "topic_adherence",
            "F1 of the topics that were answered against those that the product is for",
            lambda s: bool(s.turns),
            lambda llm, s: made.TopicAdherence(llm).ascore(_messages(s, parts), list(s.topics or TOPICS)),
        ),
        _Question(
            "agent_goal_accuracy",
            "conversations that end where the case wants them to",
            lambda s: bool(s.turns and s.goal),
            lambda llm, s: made.AgentGoalAccuracyWithReference(llm).ascore(_messages(s, parts), s.goal),
        ),
        _Question(
            "agent_goal_inferred",
            "conversations that end where the user wanted, as the judge takes it",
            lambda s: bool(s.turns),
            lambda llm, s: made.AgentGoalAccuracyWithoutReference(llm).ascore(_messages(s, parts)),
        ),
    ]


def _of_rules(critics: Path, parts: SimpleNamespace) -> list[_Question]:
    paths = sorted(critics.glob("*.md"))
    told = "answers that keep the rule in critics/{}"
    return [_Question(p.stem, told.format(p.name), lambda s: bool(s.response.strip()), _critic(p, parts)) for p in paths]


def _critic(path: Path, parts: SimpleNamespace) -> Callable[[Any, Shown], Awaitable[Any]]:
    metric = parts.critic(name=path.stem, prompt=path.read_text(encoding="utf-8"), allowed_values=[KEEPS, BREAKS])

    async def ask(llm: Any, told: Shown) -> Any:
        return await metric.ascore(llm=llm, response=told.response)

    return ask


def _messages(told: Shown, parts: SimpleNamespace) -> list[Any]:
    kinds = {"user": parts.messages.HumanMessage, "tool": parts.messages.ToolMessage}
    return [kinds.get(turn.role, parts.messages.AIMessage)(content=turn.text) for turn in told.turns]


if __name__ == "__main__":
    from evals.judging import main

    main()
