"""Where in a call something is settled that nobody counted: sentences weighed by what they say and by how both sides take them up."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.intake_agent.judgements import LineKind
from agents.intake_agent.rules import bargains, cues, uptake
from agents.intake_agent.rules.exchanges import MANAGER, RECRUITER, Sentence
from agents.intake_agent.rules.grounding import AFTER, Call

APART = 1
"""Turns within which two places are one subject, whatever they say."""

FOLLOWED_UP = 2
"""The same where nobody has turned to anything else in between."""

NEAR = 8
"""Turns within which two places are one subject where they share words."""

SETTLING = 0.5
"""What it adds that the exchange around it settles that kind."""

FEWEST_STEMS = 2
"""How many content words at least a sentence has that says what it is about."""

MOST_STEMS = 6
"""How many content words at most a subject is told by."""

LEAST = {LineKind.MUST_HAVE: 1.6, LineKind.TRADE_OFF: 2.0, LineKind.DEAL_BREAKER: 1.7}
"""What a place must weigh to be on the draft: below it, the line is left open and asked for."""


Places = tuple[tuple[int, int, int], ...]
"""Stretches of the call: turn, start and end in its text."""


@dataclass(frozen=True)
class Spot:
    """A sentence that may carry a line, the turn of the recruiter's that it agrees to, and what speaks for it."""

    kind: LineKind
    sentence: Sentence
    weight: float
    proposed: Sentence | None = None

    @property
    def places(self) -> Places:
        """What it rests on."""
        return tuple((s.turn, s.start, s.end) for s in (self.proposed, self.sentence) if s)


def spots_of(call: Call, kind: LineKind) -> list[Spot]:
    """Every place that could carry a line of that kind, the weightiest first."""
    found = [Spot(kind, s, weight(call, s, kind)) for t in call.sentences.values() for s in t if s.side == MANAGER]
    found += [spot for t in call.sentences.values() for s in t if s.side == RECRUITER if (spot := _proposed(call, s, kind))]
    return sorted((s for s in found if s.weight >= LEAST[kind]), key=lambda s: -s.weight)


def one_subject(call: Call, a: Places, b: Places, *, turn: bool = False) -> bool:
    """Whether two places are about the same: the same words, next to each other, or near and in the same words.

    `turn` says that what one person says in a row is one subject.
    """
    for (x, start, end), (y, other_start, other_end) in ((p, q) for p in a for q in b):
        if x == y and start < other_end and other_start < end:
            return True
        if x == y and not turn:
            continue
        shared, least = len(call.stems[x] & call.stems[y]), min(len(call.stems[x]), len(call.stems[y]))
        if abs(x - y) <= (FOLLOWED_UP if turn and call.subject.get(x) == call.subject.get(y) else APART) or (
            abs(x - y) <= NEAR and shared * 3 >= least
        ):
            return True
    return False


def weight(call: Call, s: Sentence, kind: LineKind) -> float:
    """What speaks for one sentence of the manager's being where a line of that kind is settled."""
    if s.plain.rstrip().endswith("?") or len(s.plain.split()) < 4:
        return 0.0
    grounded = 1.2 * call.said_back(s) + call.agreed(s.turn) + 0.3 * (s.turn in call.counted) + SETTLING * ((s.turn, kind) in call.settling)
    told = min(len(s.plain.split()), 20) / 40 - 0.7 * bool(cues.HEDGES.search(s.plain)) - bool(cues.MEASURED.search(s.plain))
    told -= 3.0 * (s.turn in call.let_go) + (len(s.stems) < FEWEST_STEMS)
    return told + grounded + {LineKind.MUST_HAVE: _must, LineKind.TRADE_OFF: _trade, LineKind.DEAL_BREAKER: _deal}[kind](call, s)


def _must(call: Call, s: Sentence) -> float:
    deed = bool(cues.DONE.search(s.plain) or cues.HAS_DONE.search(s.plain) or cues.BARE.match(s.plain))
    deed = deed and not cues.HIS_STORY.search(s.plain)
    wanted = bool(cues.REQUIRES.search(s.plain) or cues.WANTS.search(s.plain))
    let_go = bool(cues.GIVES_UP.search(s.plain)) or bool(cues.DROPS.search(s.plain)) or bool(cues.ENDS.search(s.plain))
    return (
        (1.0 * deed + 1.0 * wanted if deed or wanted else -1.5)
        - 1.5 * let_go
        - 1.0 * call.asked(s.turn, LineKind.DEAL_BREAKER)
        - 0.8 * (not deed and not cues.PERSON.search(s.plain))
        - 0.6 * bool(cues.STORY.search(s.plain))
        - 1.5 * (s.turn in call.listed)
        - 1.0 * bool(uptake.REFUSES.match(call.plain(s.turn)))
        + 0.6 * bool(deed and cues.SOUGHT.search(s.plain))
        - 1.0 * bool(cues.UNREAL.search(s.plain))
        - _taken_back(call, s)
    )


def _trade(call: Call, s: Sentence) -> float:
    worded = 1.5 if cues.GIVES_UP.search(s.plain) else 1.2 if bargains.gives_up(s.plain) else 0.0
    back = any(bargains.SWAPS.search(call.plain(i)) or cues.GIVES_UP.search(call.plain(i)) for i in call.near(s.turn, RECRUITER, 1, 2))
    if not worded:
        return -1.5
    return (
        worded
        + 0.6 * back
        + 0.6 * call.asked(s.turn, LineKind.TRADE_OFF)
        + 0.4 * bool(cues.DONE.search(s.plain))
        - 0.8 * (not cues.IN_RETURN.search(s.plain))
        - 0.8 * bool(cues.ENDS.search(s.plain))
    )


def _deal(call: Call, s: Sentence) -> float:
    rest = " ".join(o.plain for o in call.sentences[s.turn] if o.start >= s.start)
    ends, asked = bool(cues.ENDS.search(rest)), call.asked(s.turn, LineKind.DEAL_BREAKER)
    if not ends and not asked:
        return -2.0
    conditional = bool(cues.IF.search(s.plain)) - 1.5 * bool(cues.UNREAL.search(s.plain))
    return (
        0.9 * ends
        + 0.9 * asked
        + 0.6 * conditional
        + 1.2 * s.turn / len(call.turns)
        - 0.8 * bool(cues.RETRACTS.match(s.plain))
        - _taken_back(call, s)
    )


def _proposed(call: Call, s: Sentence, kind: LineKind) -> Spot | None:
    """What the recruiter words and the manager takes up: it counts from the manager's yes."""
    worded = {
        LineKind.MUST_HAVE: any(c.search(s.plain) for c in (cues.DONE, cues.HAS_DONE, cues.WORDS_ONE))
        and not bargains.offers(call.plain(s.turn)),
        LineKind.TRADE_OFF: bargains.offers(s.plain) or (bargains.PROVIDED.search(s.plain) and bargains.offers(call.plain(s.turn))),
        LineKind.DEAL_BREAKER: (cues.HAS_DONE.search(s.plain) or cues.IF.search(s.plain)) and call.asked(s.turn + 1, LineKind.DEAL_BREAKER),
    }[kind]
    # Who has it said once more before agreeing, agrees to it all the same.
    answers = [i for i in call.near(s.turn, MANAGER, 1, 2 * AFTER - 2) if not call.plain(i).rstrip().endswith("?")]
    if not worded or cues.STORY.search(s.plain) or cues.TO_YOU.search(s.plain) or not answers or len(s.plain.split()) < 5:
        return None
    answer = call.sentences.get(answers[0], [])
    if not answer or not uptake.CONFIRMS.match(answer[0].plain) or uptake.REFUSES.match(answer[0].plain):
        return None
    carried = max(answer, key=lambda o: len(o.plain.split()))
    return Spot(kind, carried, 1.8 + 0.5 * call.agreed(answers[0]) + min(len(s.plain.split()), 20) / 40, proposed=s)


def _taken_back(call: Call, s: Sentence) -> float:
    """Whether the same subject is let go later on, in so many words or in answer to the recruiter's naming it."""
    least = min(len(s.stems), MOST_STEMS)
    for later, named in call.letting_go:
        shared = len(named & s.stems) if later >= s.turn + 2 else 0
        if shared >= 2 and shared * 2 >= least:
            return 1.5
    return 0.0


def chosen(call: Call, kind: LineKind, most: int, taken: Sequence[Places]) -> list[Spot]:
    """At most so many places, the weightiest first, none about what is taken."""
    found: list[Spot] = []
    for spot in spots_of(call, kind):
        if len(found) == most:
            break
        places = spot.places
        alike = any(one_subject(call, places, f.places, turn=kind is not LineKind.TRADE_OFF) for f in found)
        if not alike and not any(one_subject(call, places, other) for other in taken):
            found.append(spot)
    return sorted(found, key=lambda s: s.sentence.turn)
