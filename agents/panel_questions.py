"""How one criterion is probed: two questions, and what strong and weak evidence sounds like, out of the manager's words."""

import re
from typing import Final

from alignment.contract import Criterion, CriterionKind

_DEED: Final = re.compile(
    r"^\W*(?:(?:so|and|then|plus|well)\b,? )*(?:(?:what )?(?:i|we)(?:'d| would)? (?:\w+ )?(?:need|want|like)(?: is)?,? "
    r"|give me |it must be that )?"
    r"(?:(?:should|have|has|must) (?:they|she|he)(?: have)?|(?:they|she|he|he or she|she or he|the person)(?:'ve|'s| have| has)"
    r"|(?:somebody|someone|one|a person|anybody) who(?:'s|'ve| has| have)|who(?:'s|'ve| has| have)|has|have|to have|must have) "
    r"(?P<deed>(?!to\b|got\b|not\b|never\b|a\b|an\b|the\b)[a-z]\S*(?: [^.?!]+)?)[.?!]?",
    re.IGNORECASE,
)
"""A deed told of the person sought, in the forms in which people tell one."""

_SOMEBODY_ELSE: Final = re.compile(r"\b(?:they(?:'\w+)?|their|me|my|you|i)\b", re.IGNORECASE)
"""Who would be another person in a question to the candidate."""

_COMES: Final = re.compile(
    r"\b(?:(?:somebody|someone|one|a person|anybody|anyone|whoever)(?: who)?(?:'s|'ve| has| have)"
    r"|(?:they|she|he|the person)(?:'ve|'s| have| has)|having) "
    r"(?P<deed>(?!to\b|got to\b|not\b|never\b)[a-z]\S*(?: [^,.?!]+)?)",
    re.IGNORECASE,
)
"""The deed that would come for what is given up, or that would end it, wherever in the line it stands."""

_YOURS: Final = {"themselves": "yourself", "themself": "yourself", "on their own": "on your own", "of their own": "of your own"}
_FOLLOW_UP: Final = {
    CriterionKind.MUST_HAVE: "What came of it, and what would somebody who was there say that you did?",
    CriterionKind.TRADE_OFF: "What did you have to learn or build for it, and how would we see that you did?",
    CriterionKind.DEAL_BREAKER: "What did you do then, who knew of it at the time, and what would you do differently?",
}
_OPENING: Final = {
    CriterionKind.MUST_HAVE: "Think of the time that comes nearest to this: {text} What happened, and what did you do yourself?",
    CriterionKind.TRADE_OFF: "What have you done that comes near to what we would get in return? (For the panel alone: {text})",
    CriterionKind.DEAL_BREAKER: "Tell me about the hardest call on what is right that you had to make here. (For the panel alone: {text})",
}
_ASKED: Final = {
    CriterionKind.MUST_HAVE: "When have you {deed}? Tell me one time, from the beginning.",
    CriterionKind.TRADE_OFF: "When have you {deed}? Tell me one time, from the beginning.",
    CriterionKind.DEAL_BREAKER: "Have you ever {deed}, or been close to it? What happened?",
}
_STRONG: Final = {
    CriterionKind.MUST_HAVE: "One time they did it themselves: when, what they did, what came of it, and it holds when asked further.",
    CriterionKind.TRADE_OFF: "One time they did what comes in return, and what came of it. That they lack what is given up counts nothing.",
    CriterionKind.DEAL_BREAKER: "They name a time when it was near, what they did instead, and who knew of it.",
}
_WEAK: Final = {
    CriterionKind.MUST_HAVE: "What one should do, what “we” did, what somebody else did, or a time without what came of it.",
    CriterionKind.TRADE_OFF: "They have what is given up and speak of that, or say that they would learn what comes in return.",
    CriterionKind.DEAL_BREAKER: "They say that they never would and name no time when it was near, or what they tell is an instance of it.",
}


def questions(criterion: Criterion) -> tuple[str, str]:
    """Two questions that a panellist can put as they stand: one for the deed, one for what came of it."""
    opening = _OPENING[criterion.kind].format(text=f"“{criterion.text.rstrip('.')}”.")
    told = _DEED.match(criterion.text) if criterion.kind is CriterionKind.MUST_HAVE else _last_deed(criterion.text)
    if told:
        deed = re.sub(r"^ever | (?:is|are|'s) (?:out|gone|finished|over|a no)$", "", told["deed"])
        for theirs, yours in _YOURS.items():
            deed = re.sub(rf"\b{theirs}\b", yours, deed)
        if not _SOMEBODY_ELSE.search(deed):
            opening = _ASKED[criterion.kind].format(deed=deed.strip(" ,"))
    return opening, _FOLLOW_UP[criterion.kind]


def _last_deed(text: str) -> re.Match[str] | None:
    found = list(_COMES.finditer(text))
    return found[-1] if found else None


def strong(criterion: Criterion) -> str:
    """What evidence sounds like that carries a grade of 4; first what the manager said that one would see or hear."""
    own = f"In the manager's words: “{criterion.shown_by.rstrip('.')}”. " if _says_more(criterion) else ""
    return own + _STRONG[criterion.kind]


def weak(criterion: Criterion) -> str:
    """What it sounds like where nothing rests on it."""
    return _WEAK[criterion.kind]


def _says_more(criterion: Criterion) -> bool:
    return bool(criterion.shown_by) and criterion.shown_by.strip(" .") not in criterion.text
