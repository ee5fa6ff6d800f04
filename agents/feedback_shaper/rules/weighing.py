"""What the record says of a claim: which moments bear on it, and whether they bear it out.

A denial ("never", "couldn't name one", "it didn't come") is refuted by one reply that tells what it denies, so substantive replies
on the point make it a contradiction, which is put to the interviewer with its moment and never asserted. A denial whose nearest
replies tell nothing stands. A guess is no claim about the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.feedback_shaper.judgements import MomentView, WeighIn, WeighOut
from agents.feedback_shaper.rules import cues, fitness
from agents.feedback_shaper.rules.fitness import asserts_nothing_seen, content
from agents.language.phrases import SENTENCE, plain
from alignment.feedback import Polarity, Verdict

# Round weights, set on the five development searches; docs/evaluation.md has what each is worth.
_LENGTH, _ASKED, _SUBSTANCE, _CRITERION, _ORDER = 1.5, 0.5, 1.5, 0.25, 2.0
_TOLD = 0.3  # a reply's substance from which on it tells something
_FAR = 0.2  # a cosine below which no utterance is about the claim
KEPT = 3


@dataclass(frozen=True)
class Reading:
    """What a claim's wording tells of itself: a guess, a denial, an episode of the interview."""

    guess: bool
    denial: bool
    episode: bool
    negative: bool
    early: bool
    late: bool


def read(span: str, polarity: Polarity, signals: Mapping[str, float]) -> Reading:
    """The claim's wording, without the interviewer's own reactions in it; `signals` are probabilities of its kind, or empty."""
    flat = cues.without_reactions(plain(span))
    negative = polarity is Polarity.NEGATIVE
    located = bool(cues.FRONTED_ASK.search(flat))
    # A doubt about what somebody has done is a denial that the record can answer, whatever it sounds like.
    doubted = bool(cues.DOUBT.search(flat) and cues.PERFECT.search(flat))
    guess = not doubted and fitness.either(asserts_nothing_seen(span), "guess", signals)
    denial = negative and not guess and not located and (doubted or fitness.either(bool(cues.DENIAL.search(flat)), "denial", signals))
    told = located or fitness.either(bool(cues.ASKED.search(flat) or cues.DUCKED.search(flat)), "episode", signals)
    return Reading(
        guess=guess,
        denial=denial,
        episode=told and not denial,
        negative=negative,
        early=bool(cues.AT_THE_START.search(flat)),
        late=bool(cues.AT_THE_END.search(flat)),
    )


def weigh(given: WeighIn) -> WeighOut:
    """The verdict of the rules, with up to three moments, best first."""
    reading = read(given.span, given.polarity, given.signals)
    ranked = rank(given, reading)[:KEPT]
    if _foreign(given):
        return WeighOut(verdict=Verdict.NO_EVIDENCE, moments=tuple(m.label for m in ranked), assertable=False)
    return verdict_on(given.span, reading, ranked)


def verdict_on(span: str, reading: Reading, ranked: list[MomentView]) -> WeighOut:
    """What these moments, best first, say of a claim that is about this interview."""
    labels = tuple(m.label for m in ranked)
    if not ranked or reading.guess:
        return WeighOut(verdict=Verdict.NO_EVIDENCE, moments=labels, assertable=False)
    if reading.denial:
        told = max(m.signals.get("substance", 0.0) for m in ranked)
        if told >= _TOLD and not _admitted(span, ranked[0]):
            return WeighOut(verdict=Verdict.CONTRADICTED, moments=labels, assertable=False)
    return WeighOut(verdict=Verdict.SUPPORTED, moments=labels, assertable=True)


def rank(given: WeighIn, reading: Reading) -> list[MomentView]:
    """The moments by what speaks for each, the first of every exchange before the second of any."""
    criterion = given.criterion.id if given.criterion else None
    scored = sorted(given.moments, key=lambda m: (-_worth(m, reading, criterion), m.label))
    firsts: list[MomentView] = []
    rest: list[MomentView] = []
    seen: set[int] = set()
    for m in scored:
        (rest if m.exchange in seen else firsts).append(m)
        seen.add(m.exchange)
    return firsts + rest


def _worth(moment: MomentView, reading: Reading, criterion: str | None) -> float:
    s = moment.signals
    # Somebody who tells what they asked and complains of what came points at a reply that tells little.
    sign = -1.0 if reading.episode and reading.negative else 1.0
    worth = s.get("near", 0.0) + _LENGTH * s.get("length", 0.0) + _ASKED * s.get("asked_near", 0.0)
    worth += _SUBSTANCE * sign * s.get("substance_z", 0.0)
    if criterion:
        worth += _CRITERION * s.get(f"on:{criterion}", 0.0)
    if reading.early != reading.late:
        worth += _ORDER * s.get("order_z", 0.0) * (1.0 if reading.late else -1.0)
    return worth


def _admitted(span: str, nearest: MomentView) -> bool:
    """Whether the candidate says of themselves what the claim denies: a no to a question about the same
    thing, or a sentence of denial that shares its words."""
    flat = plain(span).lower()
    if cues.SAID_NO.match(nearest.text) and content(nearest.asked) & content(span):
        return True
    for sentence in SENTENCE.split(plain(nearest.text)):
        own = cues.SELF_DENIAL.search(sentence)
        if own and (content(sentence) & content(span) or (" never " in f" {flat} " and "never" in own.group().lower())):
            return True
    return False


def _foreign(given: WeighIn) -> bool:
    """Whether the claim is about a criterion that this interview was not for, and nothing in it comes near the claim.

    The words that the claim shares with the criterion are what it is about; where the interview has none of them, it was not touched.
    """
    if given.criterion is None or given.criterion.focus:
        return False
    about = content(given.span) & content(f"{given.criterion.text} {given.criterion.said}")
    touched = set().union(*(content(f"{m.asked} {m.text}") for m in given.moments))
    nearest = max((m.signals.get("closeness", 0.0) for m in given.moments), default=0.0)
    return nearest < _FAR or (bool(about) and not about & touched)
