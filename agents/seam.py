"""The seam that every agent's judgements share: who made one, and what happens where a model fails.

A judgement is a typed async function. `rules` fills it in without a model; `model` over any chat model; `judged_by` puts the two
together, so that a model that is down, slow or misbehaves leaves a result that says so.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from agents.ask import Asked, Asker
from alignment.errors import Misbehaved, ModelDown, TooLong
from alignment.record import Record
from alignment.settings import RULES


class By(Record):
    """Who made a judgement: `rules` or a model by its name, empty where it is whoever the judgements are by.

    `prompt` is the hash of the model's prompt, `flips` the share of its replies that did not agree, `why` why the rules stood in.
    """

    who: str = ""
    prompt: str = ""
    flips: float | None = None
    why: str = ""

    @classmethod
    def of(cls, asked: Asked[Any]) -> "By":
        """The model that gave this reply."""
        return cls(who=asked.model, prompt=asked.prompt, flips=asked.flips)


class Judgement(Record):
    """What every judgement's result has in common: who made it."""

    by: By = By()


In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Judgement)
Askers = Mapping[str, Asker]
"""Who is asked for each judgement, by the name of its prompt; what is not in it is left to the rules."""


def judged_by(
    asker: Asker | None,
    model: Callable[[Asker, In], Awaitable[Out]],
    rules: Callable[[In], Awaitable[Out]],
) -> Callable[[In], Awaitable[Out]]:
    """The judgement by the model, or by the rules where there is none or where it fails; ends the run where the settings say so."""

    async def by_rules(given: In, why: str = "") -> Out:
        return (await rules(given)).model_copy(update={"by": By(who=RULES, why=why)})

    async def judge(given: In) -> Out:
        if asker is None:
            return await by_rules(given)
        try:
            return await model(asker, given)
        except (Misbehaved, ModelDown, TooLong) as e:
            if asker.limits.fallback == "none":
                raise
            return await by_rules(given, str(e))

    return judge
