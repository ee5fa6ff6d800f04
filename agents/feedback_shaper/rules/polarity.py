"""Which way the interviewer leans in a claim, read from its structure rather than from praise words, which feedback seldom has."""

from agents.feedback_shaper.rules import cues
from agents.feedback_shaper.rules.fitness import asserts_nothing_seen, is_nameless
from agents.language.phrases import phrases, plain
from alignment.feedback import Polarity

_MIXED = phrases("not sure", "maybe", "mixed", "don't know", "on the fence", "in two minds", "hm+", "so-so")
_NEGATIVE = phrases(
    "fail(?:s|ed|ing)?",
    "struggl(?:e|es|ed|ing)",
    "weak(?:ness)?",
    "poor(?:ly)?",
    "bad(?:ly)?",
    "worr(?:y|ied|ies|ying)",
    "concern(?:s|ed|ing)?",
    "uneasy",
    "unconvinc(?:ed|ing)",
    "missed",
    "wrong",
    "(?:felt|feels|was|is|bit|little|something|seemed|came across as) off",
    "lack(?:s|ed|ing)?",
    "shallow",
    "thin",
    "defensive",
    "unclear",
    "confus(?:ed|ing)",
    "disappoint(?:ed|ing)",
    "too \\w+",
    "over-?\\w+",
    "only",
    "heart sank",
    "had to (?:do|be|ask|push|prompt|drag|take|tell|help|give|pull|repeat|explain)",
    "at length",
    "blam(?:e|es|ed|ing)",
    "excuses?",
    "slow",
    "instead of",
    "less sure",
    "red flag",
    "careful about",
    "short on",
)
_NOT_BAD = phrases(
    r"(?:no|not|without|never|zero|nothing)(?: \w+)? (?:hiding|hid|hides|ego|fear|anxiety|anxious|"
    r"worr(?:y|ies)|concerns?|doubts?|issues?|problems?|excuses?|drama|blame|blames|blamed|hesitation|"
    r"hesitate[sd]?|fuss|nonsense|bluff(?:ing)?|waffle|gaps?|flinch(?:ed)?|blink(?:ed)?|skips?|skipped|"
    r"panic(?:ked|s)?|arrogan(?:ce|t)|stops?|fails?|complaints?|red flags)",
    r"(?:doesn't|does not|didn't|did not|wouldn't|won't|couldn't|wasn't|isn't) (?:\w+ )?(?:leave it|leave "
    r"the|take no|hide|flinch|blink|panic|stop|give up|let go|need|mind|hesitate|blame|bluff|waffle|"
    r"settle|cut corners|out of a book|lay a)",
)
_PRAISE = phrases(
    "great",
    "excellent",
    "brilliant",
    "superb",
    "strong(?:ly)?",
    "impress(?:ed|ive)",
    "love(?:d|ly)?",
    "clear(?:ly)?",
    "plainly",
    "genuinely",
    "really (?:knows?|knew|understands?|understood|gets?|got)",
    "knows",
    "hired?",
    "hug(?:ged)?",
    "clone",
    "first class",
    "spot on",
    "nailed",
    "best",
    "at last",
    "relaxed about",
    "confident",
    "well",
    "proper(?:ly)?",
    "thoughtful",
    "owned",
    "honest",
    "convinced me",
    "convincing",
    "exactly what",
    "solid",
    "good",
)


def polarity_of(span: str) -> Polarity:
    """Positive, negative or mixed.

    What an interviewer says they asked for and then contrast with what came is negative; a denial of something bad is positive;
    any other denial, hedge or doubt is negative; a plain assertion is positive.
    """
    flat = plain(span)
    if is_nameless(flat):
        return Polarity.MIXED if _MIXED.search(flat) or not _PRAISE.search(flat) else Polarity.POSITIVE
    flat = cues.without_reactions(flat)
    if _NOT_BAD.search(flat):
        return Polarity.POSITIVE
    bad = bool(_NEGATIVE.search(flat) or cues.DUCKED.search(flat) or asserts_nothing_seen(flat) or cues.DENIAL.search(flat))
    good = bool(_PRAISE.search(flat))
    if bad:
        return Polarity.NEGATIVE
    if cues.ASKED.search(flat) and not good:
        return Polarity.NEGATIVE
    return Polarity.POSITIVE
