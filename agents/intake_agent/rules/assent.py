"""Whether an answer is a yes: one that is hedged, asked back or followed by a "but" is none, and nobody signs by it."""

import re
from collections.abc import Sequence
from typing import Final

from agents.intake_agent.rules import cues
from agents.intake_agent.rules.exchanges import Sentence
from agents.language.phrases import phrases

YES: Final = phrases(
    r"yes|yeah|yep|yup|aye|right|correct|exactly|precisely|agreed|fine|okay|ok|sure",
    r"absolutely|definitely|certainly|of course|by all means|i (?:agree|approve|accept)|approved|accepted|lgtm|y|naturally|indeed",
    r"that's (?:it|right|me|the one|good|fair)|spot on|perfect|good|great|lovely|true",
    r"i do|i sign|signed|sign me up|done|deal|go (?:on|ahead)(?: then)?",
    r"(?:looks|sounds|reads) (?:good|right|fine|okay|ok|like (?:me|it))|works for me|happy (?:with|to)",
    r"i'm (?:in|happy|fine|good|okay|ok)|count me in|let's (?:do it|go)|with pleasure|put (?:me|my name) down",
)
NO: Final = phrases(r"no|nope|nah|not really|wrong|never mind|i don't|we don't")
NO_CHANGE: Final = phrases(
    r"(?:no|nothing|not a thing|not one thing) (?:changes?|to (?:change|add|correct)|else|more|wrong)",
    r"wouldn't (?:change|touch) (?:a thing|anything|a word)|(?:can't|couldn't) (?:fault|argue with) (?:it|that)",
    r"(?:don't|won't) (?:change|touch) (?:a thing|anything|a word|it)",
    r"no,? (?:it's|that's|all|this is|that is) (?:fine|right|good|correct|it|perfect|okay|ok|lovely)",
)
_BUT: Final = re.compile(
    r"\b(?:but|except|only that|although|though|however|unless|apart from|once|until|before i|if you|first)\b"
    r"|n't\b|\b(?:not|never|hardly|wrong)\b",
    re.IGNORECASE,
)


_BUT_YES: Final = re.compile(r"\bbut,? (?=(?:yes|yeah|yep|aye|okay|ok|fine|good)\b)", re.IGNORECASE)
_OF_COURSE: Final = re.compile(
    r"^\W*(?:well,? )?(?:why (?:not|wouldn't \w+|ever not)"
    r"|what else (?:would|could|should)[^?]*|who wouldn't|how could (?:i|we) not|do i have to)\?",
    re.IGNORECASE,
)
_LEAVING: Final = re.compile(
    r"\b(?:can (?:i|we) (?:go|leave)(?: now)?|are we (?:done|finished|through)|is that (?:it|all)|what's next|anything else)\?",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r",\s*(?:yeah|yes|right|no|okay|ok|eh)\?", re.IGNORECASE)
_SIGNS: Final = phrases(
    r"signed|i(?:'ll| will)? sign|i'm signing|signing(?: it| that)?(?: now)?"
    r"|i(?:'ll| will| can| do)? (?:agree|approve|accept)(?: to)?(?: (?:it|that|this))?"
)
_REFUSES: Final = re.compile(
    r"\b(?:refus\w+|declin\w+|reject\w*|disagree\w*|object(?:s|ed)?|oppos\w+|nope|nah|nothing|none|neither|nobody|cannot|no way|no thanks"
    r"|no deal"
    r"|rubbish|nonsense|ridiculous|joking|against|later|tomorrow|instead|pass|skip|maybe|perhaps)\b"
    r"|\bno\b(?=\s*(?:$|[.,;:!?…—-]))"
    r"|(?:^|[.,;:!?…—-]\s*|\b(?:and|please|then|can you|could you|let's|just)\s+)"
    r"(?:drop|remove|delete|strike|scrap|cut|change|replace|swap|add|stop|wait|hold|take|leave|move|make|put|cross|lose|kill)\b"
    r"(?! (?:my name|me down|me in|it there))",
    re.IGNORECASE,
)
"""What no yes has beside it: a refusal, a delay, or an order to change something."""

_YES_AFTER_NO: Final = re.compile(
    r"\bno,?\s+(?=(?:yes|yeah|yep|that's (?:good|fine|right|it|better)|it's (?:good|fine|right)|fine|good)\b)", re.IGNORECASE
)


def assents(spoken: Sequence[Sentence]) -> bool:
    """Whether the whole answer says yes and nothing against it; what only asks "Why not?" before its yes asks nothing."""
    text = _TAG.sub(",", _LEAVING.sub("", _OF_COURSE.sub("", " ".join(s.plain for s in spoken))))
    left = _YES_AFTER_NO.sub("", _BUT_YES.sub("", NO_CHANGE.sub("", text)))
    if "?" in text or _BUT.search(left) or cues.HEDGES.search(left) or NO.match(left.strip()) or _REFUSES.search(left):
        return False
    first = re.split(r"(?<=[.!…])\s", text.strip(), maxsplit=1)[0]
    return bool(NO_CHANGE.search(text) or YES.search(first) or _SIGNS.search(text))
