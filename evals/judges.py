"""What judges say of outcomes that are already there: asked several times, with failures counted apart, and how steady they are.

A judge is a model or a rule that reads what a case was shown (`answer["ragas"]` of its outcome) and gives a score from 0 to 1. A scoring
that fails, takes too long or cannot be read is a failure with its own count; a case without any score is unscored, and never a zero.
"""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from types import MappingProxyType

from pydantic import ValidationError

from alignment.record import Record
from evals.case import Outcome, State
from evals.figures import COMMON, Figure, Summary, figures
from evals.metrics import Metric, Ratio

KEY = "ragas"
SWAPPED = "swapped"
"""The control: the same answer beside the contexts of another case. A judge that reads scores it lower."""
SHORT = 200


class Passage(Record):
    """A piece of the record as it was retrieved."""

    id: str = ""
    text: str = ""


class Said(Record):
    """One turn of a conversation; `role` is user, assistant or tool."""

    role: str
    text: str


class Shown(Record):
    """What a judge reads of one case, every field optional; `topics` and `goal` are what the case allows and wants."""

    question: str = ""
    response: str = ""
    quotes: tuple[str, ...] = ()
    contexts: tuple[Passage, ...] = ()
    reference_ids: tuple[str, ...] = ()
    turns: tuple[Said, ...] = ()
    topics: tuple[str, ...] = ()
    goal: str = ""

    @property
    def texts(self) -> list[str]:
        """The contexts' words."""
        return [c.text for c in self.contexts]


@dataclass(frozen=True)
class Scorer:
    """One figure's judge; `fits` says whether a case has what it reads, `asks` whether a model answers, so that answers may differ.

    `score` is given what was shown and which repeat this is. `swaps` tells that the contexts decide, so that the control means something.
    """

    name: str
    told: str
    fits: Callable[[Shown], bool]
    score: Callable[[Shown, int], Awaitable[float]]
    asks: bool = False
    swaps: bool = False


class Rating(Record):
    """All scorings of one case by one scorer: a score each, None where it failed, and why those failed."""

    suite: str
    case: str
    group: str
    repeat: int
    metric: str
    control: str = ""
    scores: tuple[float | None, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, int, str, str]:
        """What tells it from the others of a run."""
        return self.suite, self.case, self.repeat, self.metric, self.control

    @property
    def known(self) -> list[float]:
        """The scores that there are."""
        return [s for s in self.scores if s is not None]


@dataclass(frozen=True)
class Asking:
    """How judges are asked: how often each, how many at once, and how long one scoring may take."""

    repeats: int = 3
    jobs: int = 2
    timeout_s: float = 120.0
    seed: int = 7
    controls: bool = True


def shown(outcome: Outcome) -> Shown | None:
    """What a judge reads of an outcome; None where its suite tells nothing. Raises ValueError for what cannot be read."""
    answer = outcome.answer
    told = answer.get(KEY) if isinstance(answer, dict) else None
    if told is None:
        return None
    try:
        return Shown.model_validate(told)
    except ValidationError as e:
        first = e.errors()[0]
        raise ValueError(f"answer.{KEY}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from e


@dataclass(frozen=True)
class _Piece:
    """One case for one scorer."""

    outcome: Outcome
    scorer: Scorer
    shown: Shown
    control: str = ""

    def rating(self, scores: Sequence[float | None], why: Sequence[str]) -> Rating:
        """What came of it."""
        o = self.outcome
        own = {"suite": o.suite, "case": o.case, "group": o.group, "repeat": o.repeat}
        return Rating(**own, metric=self.scorer.name, control=self.control, scores=tuple(scores), why=tuple(why))


Kept = Mapping[tuple[str, str, int, str, str], Rating]
"""Ratings that are there already, by their key."""


async def rated(
    outcomes: Sequence[Outcome],
    scorers: Sequence[Scorer],
    asking: Asking,
    watch: Callable[[Rating], None] = lambda _: None,
    kept: Kept = MappingProxyType({}),
) -> list[Rating]:
    """Every case by every scorer that it fits, in their order, at most `jobs` at once; `watch` hears of each once it was asked."""
    pieces = list(_pieces(outcomes, scorers, asking))
    found: list[Rating | None] = [None] * len(pieces)
    left = iter(enumerate(pieces))

    async def work() -> None:
        for at, piece in left:
            found[at] = kept.get(piece.rating((), ()).key)
            if found[at] is None:
                found[at] = rating = await _asked(piece, asking)
                watch(rating)

    await asyncio.gather(*(work() for _ in range(max(1, asking.jobs))))
    return [rating for rating in found if rating]


def _pieces(outcomes: Sequence[Outcome], scorers: Sequence[Scorer], asking: Asking) -> Iterator[_Piece]:
    read: list[tuple[Outcome, Shown]] = []
    for o in outcomes:
        try:
            told = shown(o)
        except ValueError:
            continue  # counted by `unreadable`
        if told is not None:
            read.append((o, told))
    for o, told in read:
        others = [
            s.contexts for other, s in read if (other.suite, other.case) != (o.suite, o.case) and other.suite == o.suite and s.contexts
        ]
        for scorer in scorers:
            if scorer.fits(told):
                yield _Piece(o, scorer, told)
                if scorer.swaps and asking.controls and others:
                    drawn = random.Random(f"{asking.seed} {o.case}").choice(others)
                    yield _Piece(o, scorer, told.model_copy(update={"contexts": drawn}), SWAPPED)


async def _asked(piece: _Piece, asking: Asking) -> Rating:
    scores: list[float | None] = []
    why: list[str] = []
    often = asking.repeats if piece.scorer.asks and not piece.control else 1
    for repeat in range(often):
        try:
            async with asyncio.timeout(asking.timeout_s):
                scores.append(_sound(await piece.scorer.score(piece.shown, repeat)))
        except TimeoutError:
            scores.append(None)
            why.append(f"no score within {asking.timeout_s:g} s")
        except Exception as e:  # whatever a judge does is data
            scores.append(None)
            why.append(f"{type(e).__name__}: {' '.join(str(e).split())[:SHORT]}")
    return piece.rating(scores, why)


def _sound(score: float) -> float:
    if not math.isfinite(score) or not 0 <= score <= 1:
        raise ValueError(f"{score} is no score from 0 to 1")
    return float(score)


def unreadable(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The cases whose `answer["ragas"]` cannot be read, and why."""
    found = {}
    for o in outcomes:
        try:
            shown(o)
        except ValueError as e:
            found[f"{o.suite} {o.case}"] = str(e)
    return found


def figures_of(ratings: Sequence[Rating], scorers: Sequence[Scorer], lost: Sequence[Outcome], seed: int) -> Summary:
    """The figures by suite; `lost` are outcomes of which nothing could be read, which count as unscored in their suite."""
    made: Summary = {}
    for suite in dict.fromkeys(r.suite for r in ratings):
        own = [r for r in ratings if r.suite == suite]
        made[suite] = {}
        for scorer in scorers:
            if of := [r for r in own if r.metric == scorer.name]:
                made[suite] |= _of_one(scorer, of, [o for o in lost if o.suite == suite], seed)
    return made


def _of_one(scorer: Scorer, ratings: Sequence[Rating], lost: Sequence[Outcome], seed: int) -> dict[str, Figure]:
    own = [r for r in ratings if not r.control]
    controls = {(r.case, r.repeat, r.control): r for r in ratings if r.control}
    names = sorted({r.control for r in ratings if r.control})
    outcomes = [_as_outcome(r, {c: controls[r.case, r.repeat, c] for c in names if (r.case, r.repeat, c) in controls}) for r in own]
    outcomes += [Outcome(suite=o.suite, case=o.case, group=o.group, repeat=o.repeat, state=State.UNSCORED) for o in lost]
    found = figures(metrics_of(scorer), outcomes, seed)
    main = found[scorer.name]
    told = {m.name: found[m.name].model_copy(update={"controls": {}}) for m in metrics_of(scorer)}
    spread = over_repeats(own)
    told[scorer.name] = main.model_copy(update={"sd": round(stdev(spread), 4)} if len(spread) > 1 else {})
    assert not {m.name for m in COMMON} & set(told), "a judge's figure has a name of its own"
    return told


def metrics_of(scorer: Scorer) -> tuple[Metric, ...]:
    """A scorer's figures: its mean score, and for one that asks a model how steady that is and how often it failed."""
    name = scorer.name
    main = Ratio(name, "score", "scored", told=scorer.told)
    if not scorer.asks:
        return (main,)
    return (
        main,
        Ratio(f"{name}_sd", "sd", "twice", "less", "standard deviation over the repeats of a case, mean over cases scored at least twice"),
        Ratio(f"{name}_same", "same", "twice", "more", "cases scored at least twice whose score was the same every time"),
        Ratio(f"{name}_failed", "missed", "tried", "less", "scorings that failed, took too long or could not be read"),
    )


def _as_outcome(rating: Rating, controls: Mapping[str, Rating]) -> Outcome:
    own = {"suite": rating.suite, "case": rating.case, "group": rating.group, "repeat": rating.repeat}
    known = rating.known
    tried = {"tried": float(len(rating.scores)), "missed": float(len(rating.scores) - len(known))}
    if not known:
        return Outcome(**own, state=State.UNSCORED, why="; ".join(rating.why), sums=tried)
    sums = {**tried, "score": fmean(known), "scored": 1.0}
    if len(known) > 1:
        sums |= {"twice": 1.0, "sd": stdev(known), "same": float(max(known) - min(known) < 1e-6)}
    # A control stands beside the cases that were scored, and beside those alone.
    reached = {name: {"score": r.known[0], "scored": 1.0} for name, r in controls.items() if r.known}
    return Outcome(**own, sums=sums, controls=reached)


def over_repeats(ratings: Sequence[Rating]) -> list[float]:
    """The mean score of each repeat, over the cases that every repeat scored: what asking once more would have changed."""
    whole = [r.known for r in ratings if len(r.known) == len(r.scores)]
    return [fmean(column) for column in zip(*whole, strict=False)] if whole else []
