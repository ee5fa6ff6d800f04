"""Wishes as people voice them: how a sentence lists several, which ones name nothing that could be seen, and which nobody could test."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.intake_agent.rules import cues
from agents.intake_agent.rules.exchanges import Sentence
from agents.intake_agent.rules.telling import elaborates, is_amount, lead, says_nothing
from agents.language.empty_words import EMPTY
from agents.language.phrases import phrases

VAGUE: Final = phrases(
    r"senior(?:ity)?|junior|rock ?stars?|ninjas?|gurus?|wizards?|unicorns?|heroes|superstars?|a[ -]players?|top talent|high[ -]potentials?",
    r"(?:good|great|strong|excellent|clear|solid) (?:communicat\w+|communication skills|people skills|leader\w*"
    r"|attitude|mindset|presence|background|person\w*)",
    r"communication skills|people person|team[ -]?players?|self[ -]?starters?|go[ -]?getters?|can[ -]do(?: attitude)?"
    r"|hands[ -]?on|soft skills",
    r"cultur(?:e|al) (?:fit|add)|good fit|right (?:fit|attitude|mindset|person)|one of us",
    r"passion\w*|hungry|hunger|driven|drive|motivat\w+|dynamic|proactive|ambitio\w+|energ(?:y|etic)|enthusias\w+|charisma\w*|gravitas",
    r"smart|bright|sharp|clever|intelligent|quick learner|fast learner|strategic|analytical|creative|innovative"
    r"|flexible|resilient|calm|patient|mature",
    r"professional(?:ism)?|experienced|lots of experience|reliable|detail[ -]oriented|organi[sz]ed|structured"
    r"|leadership|ownership|stakeholder management",
    r"(?:somebody|someone|anybody|a person|people) (?:\w+ly |really |very |quite )?\w+(?=\W*$)",
    r"(?:good|bad|great|right|wrong|poor|positive|negative) (?:vibes?|energy|attitude|chemistry|feel(?:ing)?|karma|manners?)",
    r"gets (?:it|us|things)|switched on|clued up|on the ball",
    r"no (?:drama|nonsense|egos?|fuss|bullshit|politics)",
    r"the usual|somebody good|someone good|friendly|nice|positive|likeable|strong personality",
)
"""Words that everybody says of themselves: nobody could see them, only what is behind them."""

UNTESTABLE: Final = phrases(
    r"(?:will|won't|would|wouldn't|going to) (?:\w+ )?(?:stay|leave|last|be loyal|fit|grow|cope|love|like|quit)",
    r"loyal(?:ty)?|trustworth\w+|honest\w*|integrity|common sense|potential|good heart|decent(?: person)?",
    r"(?:really |truly |genuinely )?(?:cares?|believes?|loves?|wants?) (?:about|in|to|our|the|their)",
    r"never (?:makes?|made) (?:a )?mistakes?|doesn't make mistakes",
)
"""What lies in the future or inside a person: an interview cannot show it."""

MOST_VAGUE_WORDS = 9
_SPLIT = re.compile(r",\s+(?:and |or )?|;\s+|\s+and (?=(?:has|have|can|knows?|speaks?|is|was|an?|the|some|good|strong)\b)")
_SUBJECT = re.compile(r"\b(?:i|we|you|it|they|she|he|that|this|there|nobody|who|if|when)(?:'\w+)?\b", re.IGNORECASE)
_VERB = re.compile(
    r"^\W*(?:and |also )?(?:has|have|had|can|could|knows?|speaks?|is|was|does|did|been|ran|run|led|built|made|taught"
    r"|works?|worked|\w+ed)\b",
    re.IGNORECASE,
)
_THEY = re.compile(r"^\W*(?:they|she|he)(?:'ve|'s|'d|'re)?\b", re.IGNORECASE)
_PARTICIPLE = re.compile(
    r"^\W*(?:and |also )*(?!ten\b|seven\b|then\b|when\b|even\b|often\b|not\b|but\b|about\b|out\b|that\b|what\b|at\b)"
    r"(?:run|put|cut|set|\w+(?:ed|en|ne|ld|lt|nt|pt|ght|ade|ot|ood|ome|own))\b",
    re.IGNORECASE,
)
_NEW_THING = re.compile(
    r"^\W*(?:and |also )*\w+(?:ed|en|ne|ld|lt|nt|pt|ght|ade|ot|un|ut|et)\b (?:\w+ )?(?:an?|some|another|\d+|two|three)\b", re.IGNORECASE
)
_REFERS = re.compile(r"\b(?:it|them)\b", re.IGNORECASE)
"""A member that speaks of what another one named is no wish of its own."""

_RELATIVE = re.compile(r",?\s+and (?=who(?:'s|'ve| has| have| can| could| knows?)\b)", re.IGNORECASE)
_HANGS = re.compile(
    r"^\W*(?:and )?(?:with|of|for|from|in|on|at|to|by|as|than|but|because|so|not|through|across|during|over|under|into|onto|within|after"
    r"|before|until|around|between|against|without|like|where|when|while|which|that|who)\b",
    re.IGNORECASE,
)
"""What hangs on the member before it."""


def listed(s: Sentence) -> Iterator[tuple[int, int]]:
    """Where each wish of a sentence stands, as [start, end): the members of a list, or the sentence itself."""
    for start, end in _cut(_RELATIVE, s.plain, lead(s.plain)):
        parts = list(_parts(s.plain, start, end))
        for a, b in parts if _are_several([s.plain[a:b] for a, b in parts]) else [(start, end)]:
            if not says_nothing(s.plain[a:b]):
                yield s.start + a, s.start + b


def _are_several(parts: Sequence[str]) -> bool:
    """Whether the members of a list are a wish each: two deeds only where the second is done to something new, "and rescued a batch"."""
    if len(parts) < 2 or not all(_stands_alone(p) for p in parts):
        return False
    if not _THEY.match(parts[0]):
        return not _PARTICIPLE.match(parts[0]) or all(_THEY.match(p) or _PARTICIPLE.match(p) or _VERB.match(p) for p in parts[1:])
    told = all(_THEY.match(p) or _PARTICIPLE.match(p) for p in parts[1:])
    return told and (len(parts) > 2 or bool(_THEY.match(parts[1]) or _NEW_THING.match(parts[1])))


def is_vague(words: str) -> bool:
    """Whether a wish names nothing that one would see or hear."""
    told = words.split()
    if cues.DONE.search(words) or len(told) > MOST_VAGUE_WORDS:
        return False
    content = [w for w in re.findall(r"[a-z']+", words.lower()) if w not in EMPTY]
    return bool(VAGUE.search(words)) or not content


def is_untestable(words: str) -> bool:
    """Whether a wish is for something that no interview could show."""
    return bool(UNTESTABLE.search(words)) and not cues.DONE.search(words)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list, without the marks around them; what only keeps the conversation going is none."""
    for a, b in _joined(text, _cut(_SPLIT, text[:end], start)):
        first = a if _HANGS.match(text[a:b]) else a + lead(text[a:b])
        bare = text[first:b].strip(" ,.;!")
        if bare and not says_nothing(bare):
            at = text.index(bare, first)
            yield at, at + len(bare)


def _joined(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces, with an amount alone put to what it measures: "somebody young, thirty tops"."""
    held: tuple[int, int] | None = None
    for a, b in pieces:
        if held and is_amount(text[a:b]):
            held = (held[0], b)
            continue
        if held:
            yield held
        held = (a, b)
    if held:
        yield held


def _cut(at: re.Pattern[str], text: str, start: int) -> Iterator[tuple[int, int]]:
    """The pieces of the text between the matches."""
    for m in [*at.finditer(text, start), None]:
        yield start, m.start() if m else len(text)
        start = m.end() if m else start


def _stands_alone(text: str) -> bool:
    """Whether a member of a list is a wish of its own: a thing named, or what somebody has or can, without a subject of its own."""
    words = len(text.split())
    if _HANGS.match(text) or _REFERS.search(text) or elaborates(text):
        return False
    if m := _THEY.match(text):
        return words <= 20 and not _SUBJECT.search(text[m.end() :])
    return (words <= 14 and bool(_VERB.match(text))) or (words <= 8 and not _SUBJECT.search(text))
