"""What a sentence of an intake call does to its subject: it counts what was settled, turns to something, or only names it."""

import re
from dataclasses import dataclass
from typing import Final

from agents.intake_agent.judgements import LineKind

_LEAD = (
    r"(?:(?:ok(?:ay)?|so|right|good|great|lovely|perfect|fine|well|yes|yeah|and|then|brilliant|excellent|all right|alright"
    r"|now|noted)[,.]? )*"
)
_TRAIL = (
    r"(?:,? (?:then|so far|down|already|actually|for me|of them|of those|there|now|on the list|on the contract|exactly|frankly"
    r"|got it|check|noted))*"
)
_SUBJECT = (
    r"(?:(?:that|this|there|here|it|which)(?:'s| is|'d be| would be| makes| can be| will be)|(?:i|we)(?:'ve| have)?(?: got| have)"
    r"|(?:i'll|let me) (?:write|put) (?:that|it|this) (?:down )?as|(?:that|this|it) goes down as|put (?:that|it) down as)"
)
_OWNER = r"(?:(?:a|the|your|our|my|number|point|as|already)\s+)*"
_NUMBER = r"(?:one|two|three|1|2|3|first|second|third|1st|2nd|3rd)"
_NOUN = (
    r"(?:must[- ]haves?|musts?|requirements?|trade[- ]?offs?|trades?|swaps?|exchanges?|deal[- ]?breakers?|red lines?|vetoe?s?|no|one|thing)"
)
_COUNTED = re.compile(
    rf"{_LEAD}(?:(?P<subject>{_SUBJECT}) )?(?:{_OWNER})(?:(?P<number>{_NUMBER})(?: (?P<noun>{_NOUN}))?"
    rf"|(?P<noun2>{_NOUN})(?: (?:number |no\. ?|# ?)?(?P<number2>{_NUMBER}))?){_TRAIL}",
    re.IGNORECASE,
)
_NUMBERS: Final = {
    "one": 1,
    "1": 1,
    "first": 1,
    "1st": 1,
    "two": 2,
    "2": 2,
    "second": 2,
    "2nd": 2,
    "three": 3,
    "3": 3,
    "third": 3,
    "3rd": 3,
}
_KINDS: Final = {
    "m": LineKind.MUST_HAVE,
    "r": LineKind.MUST_HAVE,
    "t": LineKind.TRADE_OFF,
    "s": LineKind.TRADE_OFF,
    "e": LineKind.TRADE_OFF,
}


@dataclass(frozen=True)
class Count:
    """A sentence that counts what was just settled; `kind` is None where it only counts, `bare` where it is a numeral alone."""

    kind: LineKind | None
    number: int | None
    bare: bool = False


def count_in(sentence: str) -> Count | None:
    """What the sentence counts, or None: "That's two.", "First trade-off.", "So that's your deal-breaker, then."."""
    if sentence.rstrip().endswith("?"):
        return None
    whole = sentence.strip(" .!…")
    if m := _COUNTED.fullmatch(whole):
        return _count(m)
    head, _, rest = whole.partition(",")
    m = _COUNTED.fullmatch(head)
    # "Three, two, one" counts nothing, it is the contract's shape; and "Second, they have …" counts what comes.
    return _count(m) if m and m["subject"] and not re.match(rf"\s*(?:and )?{_NUMBER}\b", rest, re.IGNORECASE) else None


def _count(m: re.Match[str]) -> Count | None:
    noun = (m["noun"] or m["noun2"] or "").lower()
    number = _NUMBERS.get((m["number"] or m["number2"] or "").lower())
    if noun in ("", "one", "thing"):
        # "The one", "that's the thing": a number has to be counted with.
        return Count(None, number, bare=not m["subject"] and not noun) if number and m["number"] else None
    if noun in ("no", "veto", "vetoes") or noun.startswith(("deal", "red", "veto")):
        return Count(LineKind.DEAL_BREAKER, None) if m["subject"] or noun != "no" else None
    if number is None and not m["subject"]:
        return None
    return Count(_KINDS[noun[0]], number)


_OPENER = r"^\W*(?:(?:and|so|okay|ok|then|now|but|right|good|great|perfect|lovely|fine|well),? )*"
TURNS_TO: Final = re.compile(
    _OPENER + r"(?:(?:what|how) about|about the|can (?:we|i|you) (?:talk|come|go|move|tell)|let's (?:talk|go|do|move|take|turn|come)"
    r"|tell me (?:about|what|who)|"
    r"you(?:'d|'ve| had| have)? (?:also )?(?:said|mentioned|wrote|told|listed|put|asked for|had)\b|moving on|next(?: one|"
    r" up)?\b|last (?:one|thing|question)\b|"
    r"anything (?:on|about|around|else)|and the\b|is there anything|walk me through|start (?:there|with)|what (?:happened|went wrong))",
    re.IGNORECASE,
)
_WH = re.compile(
    r"^\W*(?:and |so |but )?(?:why|how|what|who|whom|whose|when|where|which|because|such as|like|meaning|as in|really|sorry"
    r"|pardon|yes|no|right|okay|ok|me|you|them|that's all)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|was|were|are|am|has|had|have|did|does|do|can|could|will|would|must|should|may|might|got|went|came|took|gave|made"
    r"|said|told|kept|left|knew|saw|ran|held|"
    r"led|built|found|wrote|put|think|want|need|mean|know|like|see|say|tell|write|give|call)\b|n't\b|'(?:d|ll|ve|re|m)\b"
    r"|\b(?:it|that|there|he|she|what|who|here)'s\b|\w's (?:a|an|the|not|no|all)\b",
    re.IGNORECASE,
)


def is_fragment(sentence: str, longest: int = 7) -> bool:
    """Whether it names something without saying anything of it: a few words and no finite verb."""
    bare = re.sub(_OPENER, "", sentence, flags=re.IGNORECASE)
    n = len(re.findall(r"[\w'-]+", bare))
    return 0 < n <= longest and not _FINITE.search(bare) and not _WH.match(bare)


def is_topic_question(sentence: str) -> bool:
    """Whether it turns to something by naming it: "And the car?"."""
    return sentence.rstrip().endswith("?") and is_fragment(sentence)
