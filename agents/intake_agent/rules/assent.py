"""Whether an answer is a yes: one that is hedged, asked back or followed by a "but" is none, and nobody signs by it."""

import re
from collections.abc import Sequence
from typing import Final

from agents.intake_agent.rules import cues
from agents.intake_agent.rules.exchanges import Sentence
from agents.intake_agent.rules.telling import bare
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
    r"\b(?:can (?:i|we) (?:go|leave)(?: now)?|are we (?:done|finished|through)|is that (?:it|all)|what's next|anything else"
    r"|where do (?:i|we) sign)\?|\bbefore i change my mind\b|\byou (?:didn't|don't|haven't)[^.,;]*"
    r"|(?:[\w-]+ (?:isn't|is not|aren't)|nothing about [\w ]{1,20}|no [\w-]+) in (?:it|there)"
    r"(?=\W+(?:\w+\W+){0,3}(?:good|right|better|great)\b)",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r",\s*(?:yeah|yes|right|no|okay|ok|eh)\?", re.IGNORECASE)
_SIGNS: Final = re.compile(
    r"(?:^|[.,;:!…—-]\s*)(?:and |so |okay |ok |yes |yeah |now )*(?:signed|signing)\b"
    r"|\bi(?:'ll| will| do| can|'m)? (?:happily |gladly )?(?:sign(?:ing)?|agree|approve|accept)\b(?! (?:nothing|for|with somebody))",
    re.IGNORECASE,
)
_FILLING: Final = re.compile(
    r"it|that|this|these|them|there|all|so|now|then|too|to|with|the|a|is|it's|that's|looks|sounds|reads|like|me|my|i|i'm|i'd|i'll|we|and|as|for"
    r"|from|side|sign"
)
"""What may stand in a clause of agreement beside its yes."""

_REFUSES: Final = re.compile(
    r"\b(?:refus\w+|declin\w+|reject\w*|disagree\w*|object(?:s|ed)?|oppos\w+|nope|nah|nothing|none|neither|nobody|cannot|no way"
    r"|no thanks|no deal"
    r"|rubbish|nonsense|ridiculous|terrible|awful|mess|joking|joke|mind|against|later|tomorrow|instead|whatever|pass|skip|maybe|perhaps|explain)\b"
    r"|\b(?:if|when|whenever|as long as|so long as|provided|providing|assuming|subject to|after|before|until|unless)\b|\b[mtd][1-3]\b"
    r"|\bsign(?:ed|ing)? (?:for|on behalf)\b|\bgood (?:question|point|grief|morning|afternoon|evening|heavens)\b|\blet me\b"
    r"|\b(?:read|see|look|think|check|ask)\b.*\bagain\b"
    r"|\bno\b(?=\s*(?:$|[.,;:!?…—-]))"
    r"|(?:^|[.,;:!?…—-]\s*|\b(?:and|please|then|can you|could you|let's|just|now)\s+)"
    r"(?:drop|remove|delete|strike|scrap|cut|change|replace|swap|add|stop|wait|hold|take|leave|move|make|put|cross|lose|kill|go back)\b"
    r"(?! (?:my name|me down|me in|it there|it like that|it as it is))",
    re.IGNORECASE,
)
"""What no yes has beside it: a refusal, a delay, a condition, a line by its number, or an order to change something."""

_YES_AFTER_NO: Final = re.compile(
    r"\bno,?\s+(?=(?:yes|yeah|yep|that's (?:good|fine|right|it|better)|it's (?:good|fine|right)|fine|good)\b)", re.IGNORECASE
)


def assents(spoken: Sequence[Sentence]) -> bool:
    """Whether the whole answer says yes and nothing against it; what only asks "Why not?" before its yes asks nothing."""
    text = _TAG.sub(",", _LEAVING.sub("", _OF_COURSE.sub("", " ".join(s.plain for s in spoken))))
    left = _YES_AFTER_NO.sub("", _BUT_YES.sub("", NO_CHANGE.sub("", text)))
    if "?" in text or _BUT.search(left) or cues.HEDGES.search(left) or NO.match(left.strip()) or _REFUSES.search(left):
        return False
    return bool(NO_CHANGE.search(text) or _SIGNS.search(text) or any(_is_yes(clause) for clause in re.split(r"[.,;:!…—]+", left)))


def _is_yes(clause: str) -> bool:
    """Whether a clause says yes and nothing else: "Yes", "Happy to sign that", and not "Good grief"."""
    return bool(YES.search(clause)) and not [
        w for w in re.findall(r"[\w']+", bare(YES.sub(" ", clause)).lower()) if not _FILLING.fullmatch(w)
    ]


def refuses(text: str) -> bool:
    """Whether an answer has in it what no yes has beside it."""
    return bool(_REFUSES.search(text) or _BUT.search(text))
