"""True quotes drawn from transcripts, the same ones altered, and what each of them is by a search of our own for its words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from random import Random

from evals.scorers.quotes import Said, words

SHORTEST, LONGEST = 4, 25
TOLERANCE_S = 2.0
"""How far a claimed time may be off before the place is another one; drawn wrong times are off by at least twice that."""

TRIES = 60
Interviews = Mapping[str, Sequence[Said]]
Tokens = list[str]

_NUMBER = re.compile("two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred", re.IGNORECASE)
_AUXILIARY = re.compile("is|are|was|were|am|have|has|had|do|does|did|would|could|can|will|should|might|must", re.IGNORECASE)
_OPENINGS = ("I have always told my", "Nobody ever asked the", "We ended up paying for the", "My first week was all about the")
_MIDDLES = ("lighthouse keepers", "violin makers", "beekeeping committee", "harbour orchestra", "glacier survey", "puppet workshop")
_ENDINGS = (
    "to count their spoons twice",
    "before the ferry sank",
    "with borrowed bagpipes",
    "and it rained marmalade",
    "until noon on Sundays",
)


@dataclass(frozen=True)
class Drawn:
    """Words claimed of somebody in an interview, and what was done to them (`kind`); times only where the claim has them."""

    kind: str
    interview: str
    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Turn:
    """What one speaker says before another does: its words as they stand, each with the utterance that it is of."""

    interview: str
    speaker: str
    tokens: tuple[tuple[str, Said], ...]

    def stretch(self, start: int, count: int) -> Tokens:
        """So many of its words, from there on."""
        return [t for t, _ in self.tokens[start : start + count]]

    def times(self, start: int, count: int) -> tuple[float | None, float | None]:
        """From when to when the utterances of these words were said."""
        return self.tokens[start][1].start_s, self.tokens[start + count - 1][1].end_s


def turns_of(interviews: Interviews) -> list[Turn]:
    """Everything that is long enough to be quoted, in the order of the record."""
    turns = []
    for name, said in interviews.items():
        for speaker, own in groupby(said, key=lambda u: u.speaker):
            tokens = tuple((t, u) for u in own for t in u.text.split())
            if len(tokens) >= SHORTEST:
                turns.append(Turn(name, speaker, tokens))
    return turns


def result_of(drawn: Drawn, interviews: Interviews) -> str:
    """What a claim is, by its words alone: verified, elsewhere, misattributed or fabricated."""
    sought = words(drawn.text)
    here = list(_places(sought, interviews[drawn.interview]))
    theirs = [(first, last) for speaker, first, last in here if speaker == drawn.speaker]
    if any(_in_time(drawn, first, last) for first, last in theirs):
        return "verified"
    if theirs:
        return "elsewhere"
    if here:
        return "misattributed"
    others = (said for name, said in interviews.items() if name != drawn.interview)
    return "elsewhere" if any(True for said in others for _ in _places(sought, said)) else "fabricated"


def _places(sought: Sequence[str], said: Sequence[Said]) -> Iterator[tuple[str, Said, Said]]:
    for speaker, own in groupby(said, key=lambda u: u.speaker):
        spoken = [(w, u) for u in own for w in _spoken(u.text)]
        for i in range(len(spoken) - len(sought) + 1):
            if sought and all(spoken[i + k][0] == w for k, w in enumerate(sought)):
                yield speaker, spoken[i][1], spoken[i + len(sought) - 1][1]


@lru_cache(maxsize=20_000)
def _spoken(text: str) -> tuple[str, ...]:
    return tuple(words(text))


def _in_time(drawn: Drawn, first: Said, last: Said) -> bool:
    claimed = [t for t in (drawn.start_s, drawn.end_s) if t is not None]
    if not claimed or first.start_s is None or last.end_s is None:
        return not claimed
    return all(first.start_s - TOLERANCE_S <= t <= last.end_s + TOLERANCE_S for t in claimed)


def draw(kind: str, interviews: Interviews, turns: Sequence[Turn], random: Random) -> Drawn | None:
    """One claim of that kind, from one of these turns; None where they hold nothing to make one of."""
    for _ in range(TRIES if turns else 0):
        turn = random.choice(turns)
        made = _MADE[kind](turn, interviews, random)
        if made is not None:
            return made
    return None


def _span(turn: Turn, random: Random) -> tuple[int, int] | None:
    count = random.randint(SHORTEST, min(LONGEST, len(turn.tokens)))
    start = random.randint(0, len(turn.tokens) - count)
    after = turn.tokens[start + count : start + count + 1]
    ends = [turn.tokens[start][0], turn.tokens[start + count - 1][0], *(t for t, _ in after)]
    # A sign that stands alone belongs to the word beside it: "5 %" is not "5".
    return (start, count) if all(words(t) for t in ends) else None


def _true(turn: Turn, _: Interviews, random: Random) -> Drawn | None:
    if not (span := _span(turn, random)):
        return None
    start_s, end_s = turn.times(*span) if random.random() < 0.5 else (None, None)
    return Drawn("true", turn.interview, turn.speaker, " ".join(turn.stretch(*span)), start_s, end_s)


def _harmless(kind: str, change: Callable[[Tokens, Random], str], turn: Turn, _: Interviews, random: Random) -> Drawn | None:
    if not (span := _span(turn, random)):
        return None
    before = turn.stretch(*span)
    text = change(before, random)
    same = words(text) == words(" ".join(before)) and text != " ".join(before)
    return Drawn(kind, turn.interview, turn.speaker, text) if same else None


def _cased(tokens: Tokens, random: Random) -> str:
    return random.choice((str.upper, str.lower, str.title))(" ".join(tokens))


def _curled(tokens: Tokens, _: Random) -> str:
    return f"“{' '.join(tokens).replace(chr(39), '’')}”"


def _spaced(tokens: Tokens, random: Random) -> str:
    return " ".join(t + random.choice(("", " ", "\u00a0", "\n", "\t ")) for t in tokens)


def _pointed(tokens: Tokens, random: Random) -> str:
    # Within a number a point or a comma carries meaning.
    bare = [t if any(c.isdigit() for c in t) else t.strip(",.;:!?…") for t in tokens]
    return " ".join(t + random.choice(("", "", ",", ";")) if t[-1:].isalpha() else t for t in bare)


def _altered(
    kind: str, change: Callable[[Tokens, Sequence[str], Random], Tokens | None], turn: Turn, all_: Interviews, random: Random
) -> Drawn | None:
    if not (span := _span(turn, random)):
        return None
    before = turn.stretch(*span)
    after = change(list(before), _vocabulary(all_[turn.interview]), random)
    if after is None or words(" ".join(after)) == words(" ".join(before)):
        return None
    return Drawn(kind, turn.interview, turn.speaker, " ".join(after))


def _vocabulary(said: Sequence[Said]) -> list[str]:
    return sorted({t.lower() for u in said for t in re.findall(r"\b[a-zA-Z]{3,}\b", u.text)})


def _swapped(tokens: Tokens, vocabulary: Sequence[str], random: Random) -> Tokens | None:
    places = [i for i, t in enumerate(tokens) if t.isalpha()]
    if not places or not vocabulary:
        return None
    tokens[random.choice(places)] = random.choice(vocabulary)
    return tokens


def _dropped(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens | None:
    places = [i for i in range(1, len(tokens) - 1) if words(tokens[i])]
    if not places:
        return None
    del tokens[random.choice(places)]
    return tokens


def _negated(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens | None:
    places = [i + 1 for i, t in enumerate(tokens[:-1]) if _AUXILIARY.fullmatch(t)] or [len(tokens) // 2]
    tokens.insert(random.choice(places), "not")
    return tokens


def _renumbered(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens | None:
    places = [i for i, t in enumerate(tokens) if t.strip(".,;:!?").isdigit() or _NUMBER.fullmatch(t.strip(".,;:!?"))]
    if not places:
        return None
    at = random.choice(places)
    bare = tokens[at].strip(".,;:!?")
    tokens[at] = tokens[at].replace(
        bare, str(int(bare) + random.randint(1, 90)) if bare.isdigit() else random.choice(_NUMBER.pattern.split("|"))
    )
    return tokens


def _reordered(tokens: Tokens, _: Sequence[str], random: Random) -> Tokens | None:
    if random.random() < 0.5:
        cut = random.randint(1, len(tokens) - 1)
        return tokens[cut:] + tokens[:cut]
    a, b = sorted(random.sample(range(len(tokens)), 2))
    tokens[a], tokens[b] = tokens[b], tokens[a]
    return tokens


def _spliced(turn: Turn, _: Interviews, random: Random) -> Drawn | None:
    if len(turn.tokens) < 12:
        return None
    first, gap, second = random.randint(3, 8), random.randint(2, 6), random.randint(3, 8)
    if first + gap + second > len(turn.tokens):
        return None
    start = random.randint(0, len(turn.tokens) - first - gap - second)
    text = " ".join(turn.stretch(start, first) + turn.stretch(start + first + gap, second))
    return Drawn("spliced", turn.interview, turn.speaker, text)


def _other_speaker(turn: Turn, all_: Interviews, random: Random) -> Drawn | None:
    others = sorted({u.speaker for u in all_[turn.interview]} - {turn.speaker})
    span = _span(turn, random)
    return Drawn("other speaker", turn.interview, random.choice(others), " ".join(turn.stretch(*span))) if others and span else None


def _other_interview(turn: Turn, all_: Interviews, random: Random) -> Drawn | None:
    others = sorted(set(all_) - {turn.interview})
    span = _span(turn, random)
    if not others or not span:
        return None
    other = random.choice(others)
    speakers = sorted({u.speaker for u in all_[other]})
    speaker = turn.speaker if turn.speaker in speakers else random.choice(speakers)
    return Drawn("other interview", other, speaker, " ".join(turn.stretch(*span)))


def _other_time(turn: Turn, _: Interviews, random: Random) -> Drawn | None:
    if not (span := _span(turn, random)):
        return None
    start_s, end_s = turn.times(*span)
    if start_s is None or end_s is None:
        return None
    off = random.uniform(2 * TOLERANCE_S, 120)
    later = random.random() < 0.5 or start_s < off + 4
    at = end_s + off if later else start_s - off - 4
    return Drawn("other time", turn.interview, turn.speaker, " ".join(turn.stretch(*span)), round(at, 2), round(at + 4, 2))


def _invented(turn: Turn, _: Interviews, random: Random) -> Drawn:
    text = " ".join(random.choice(part) for part in (_OPENINGS, _MIDDLES, _ENDINGS))
    return Drawn("invented", turn.interview, turn.speaker, text)


_MADE: dict[str, Callable[[Turn, Interviews, Random], Drawn | None]] = {
    "true": _true,
    **{k: partial(_harmless, k, f) for k, f in (("case", _cased), ("quotes", _curled), ("space", _spaced), ("punctuation", _pointed))},
    "swapped": partial(_altered, "swapped", _swapped),
    "dropped": partial(_altered, "dropped", _dropped),
    "negated": partial(_altered, "negated", _negated),
    "number": partial(_altered, "number", _renumbered),
    "reordered": partial(_altered, "reordered", _reordered),
    "spliced": _spliced,
    "other speaker": _other_speaker,
    "other interview": _other_interview,
    "other time": _other_time,
    "invented": _invented,
}
KINDS = tuple(_MADE)
"""What may be done to a quote; the first five change nothing that matters."""
