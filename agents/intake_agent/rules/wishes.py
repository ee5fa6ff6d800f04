"""Wishes as people voice them: how a sentence lists several, which ones name nothing that could be seen, and which nobody could test."""

import re
from collections.abc import Iterator
from typing import Final

from agents.intake_agent.rules import cues
from agents.intake_agent.rules.exchanges import Sentence, stems
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
_HANGS = re.compile(r"^\W*(?:with|of|for|from|in|on|at|to|by|as|than|but|because|so|not)\b", re.IGNORECASE)
"""What hangs on the member before it."""


def listed(s: Sentence) -> Iterator[tuple[int, int]]:
    """Where each wish of a sentence stands, as [start, end): the members of a list, or the sentence itself."""
    parts = list(_parts(s))
    several = len(parts) >= 2 and all(_stands_alone(text) for _, text in parts)
    if not several:
        if stems(s.plain):
            yield s.start, s.end
        return
    for start, text in parts:
        if stems(text):
            yield start, start + len(text)


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


def _parts(s: Sentence) -> Iterator[tuple[int, str]]:
    at = 0
    for m in [*_SPLIT.finditer(s.plain), None]:
        end = m.start() if m else len(s.plain)
        bare = s.plain[at:end].strip(" ,.;!")
        if bare:
            yield s.start + s.plain.index(bare, at), bare
        at = m.end() if m else end


def _stands_alone(text: str) -> bool:
    """Whether a member of a list is a wish of its own: a thing named, or what somebody has or can, without a subject of its own."""
    words = len(text.split())
    if _HANGS.match(text):
        return False
    return (words <= 14 and bool(_VERB.match(text))) or (words <= 8 and not _SUBJECT.search(text))
