"""What a sentence of an answer tells of the person sought, and what in it only keeps the conversation going."""

import re
from collections.abc import Sequence
from typing import Final

from agents.intake_agent.rules import cues
from agents.intake_agent.rules.acts import is_fragment
from agents.intake_agent.rules.exchanges import Sentence, stems
from agents.language.empty_words import EMPTY
from agents.language.phrases import phrases

_INTERJECTION = (
    r"u[hm]+|er+m?|h+m+|m+h?m+|oh|ah+|oo+h|oof|ugh|eh|hey|ha(?:ha)*|heh|lol|wow|gosh|phew|well|okay|ok|so|anyway|anyhow|alright|all right"
    r"|basically|and|but"
)
_MARKER = (
    r"right|sure|actually|honestly|frankly|seriously|obviously|like|look|listen|now|then|course|of course|true|fine|good|great|lovely|easy"
    r"|simple|yes|yeah|yep|yup|aye|nah|nope|no|please|sorry|pardon|excuse me|exactly|absolutely|definitely"
    r"|(?:i|you) (?:mean|know|see|guess|suppose|think|reckon)|(?:i'd|i would) say|let me (?:see|think)|let's see|(?:hang|hold) on|wait"
    r"|(?:just )?a (?:second|moment|minute)|one (?:second|moment|minute)|give me a (?:second|moment|minute)|where was i|how do you say"
    r"|what's (?:it called|the word|the (?:last|next|other) (?:one|thing))"
    r"|if you like|and so on|et cetera|or something|or whatever|sort of|kind of"
    r"|what"
    r"|if you (?:get me|see what i mean|know what i mean|like)|an? (?:deed|example|list|story|wish)"
    r"|fair|fair (?:enough|point)|good (?:question|one|point)"
    r"|(?:had|worth) (?:to|a) try|(?:to be|in all) (?:fair|honest|honesty|frank)"
    r"|(?:just )?(?:joking|kidding)|never mind|thanks?(?: you)?(?: (?:so much|a lot|for \w+(?: \w+)?))?|you're (?:right|killing me|welcome)"
    r"|quite right|agreed|signed|deal|same (?:answer|again|as before|here)|simple as that|before you ask|excuse my \w+"
    r"|(?:the |my )?(?:first|second|third|next|last|another|other) (?:one|thing)|another|first(?:ly)?|second(?:ly)?|third(?:ly)?"
    r"|(?:number )?(?:one|two|three|four|five|six|seven|eight|nine|ten)"
)
FLOOR: Final = phrases(_INTERJECTION, _MARKER)
"""Discourse markers: interjections, holders of the floor, thanks and apologies, which say nothing of anybody."""

_LEAD: Final = re.compile(
    rf"(?:(?:{_INTERJECTION})(?:(?:\s*[,.:;…!?—-]+)+\s*|\s+)|(?:{_MARKER})(?:\s*[,.:;…!?—-]+)+\s*)+(?=\S)", re.IGNORECASE
)
"""A sentence's markers before what it says: most of them only where they are set off, for "Fine dining" is none."""

_HEADING: Final = re.compile(r"(?:[\w']+,?\s+){0,4}[\w']+:\s+(?=\S+\s+\S+)")

_BACK: Final = phrases(
    r"(?:i|i've|i have|we) (?:just |already )?(?:said|told|mentioned|listed)(?: (?:it|that|so|you|this))?(?: (?:already|before|just now))?",
    r"(?:didn't|haven't|did|have) i (?:just |already )?(?:say|said|tell|told)(?: (?:it|that|so|you))?",
    r"(?:as|like) i (?:just )?(?:said|told)|said (?:it|that|so) (?:already|before)|it's (?:all )?on (?:the|my) list",
    r"what (?:she|he|they) (?:just )?said",
)
"""Something was said before, and is not said anew."""

_OTHERS = (
    r"(?:they|she|he|someone|somebody|anyone|anybody|whoever|people who|(?:the|a|any|this) (?:person|candidate|hire)|he or she|she or he)"
)
_OF_SOMEBODY: Final = phrases(rf"{_OTHERS}(?:'\w+)?")
_ASKED_OF_SOMEBODY: Final = phrases(
    rf"(?:have|has|did|do|does|can|could|should|would|will|are|is|were|was|must|mustn't) {_OTHERS}",
)
_TAG: Final = re.compile(
    r",\s*(?:(?:is|was|are|were|do|does|did|has|have|had|can|could|would|will|should)(?:n't)? (?:it|they|she|he|that|there)"
    r"|no|yes|yeah|right|eh|okay|ok)\?$",
    re.IGNORECASE,
)
_TO_US: Final = phrases(
    r"(?:you|your|yours|i|me|my|we|us|our)(?:'\w+)?", r"(?:is|isn't|was|wasn't|what's|why's|how's|who's) (?:it|that|this)"
)
_OWN: Final = re.compile(r"^\W*(?:(?:and|but|because) )?(?:i|we|you|it|that|this|there|these|those|here|what)(?:'\w+)?\b", re.IGNORECASE)
_BARE_TOO: Final = re.compile(
    r"^\W*(?:and |also )?(?:having \w+|(?:led|ran|run|built|kept|held|met|sold|told|taught|found|won|put|cut|set|given|taken|written"
    r"|seen|brought"
    r"|thrown"
    r"|drawn)(?: \S+){3,})",
    re.IGNORECASE,
)
_TOPIC: Final = re.compile(r"^\W*(?:the )?(?:first|second|third|fourth|last|next)(?:'s| is| one's)\W+\w+(?: \w+)?\W*$", re.IGNORECASE)
"""What only names what is coming: "Third's colour."."""

_OF_ONESELF: Final = re.compile(r"^\W*(?:my|our)\b.*\bi\b", re.IGNORECASE)
_SOMEBODY_DID: Final = re.compile(
    r"^\W*[A-Z][a-z]+ (?:\w+ly |never |always |just )?(?:rang|went|came|was|had|did|said|told|took|got"
    r"|couldn't|wouldn't|left|lost|made|\w+ed)\b"
)
"""A named person in a story."""

_NEGATED: Final = phrases(r"(?:won't|isn't|aren't|(?:don't|doesn't|wouldn't)(?! (?:\w+ )?(?:need|want|require|have to)))")
_STORY: Final = re.compile(
    r"^\W*(?:(?:my|our|the) (?:last|previous|former|old|current|other)|nobody|no one|everybody|everyone|people here)\b", re.IGNORECASE
)
"""What is told of those who are there, and not of who is sought."""

_SUBJECTLESS: Final = re.compile(r"^\W*(?:can|could|has|have|had|is|was|does|did|must|should|will|would|may|knows?|to)\b", re.IGNORECASE)
LONG_FRAGMENT = 40
_NOTHING: Final = re.compile(
    r"^\W*(?:nothing|none|nope|no idea|no clue|not (?:really|much|that i can think of)|(?:i )?can(?:'t|not) (?:really )?think|you tell me"
    r"|your call|up to you|search me|beats me|dunno|that's (?:it|all)"
    r"|(?:i've )?never (?:really )?thought|(?:i )?haven't (?:really )?thought"
    r"|you(?:'d| can| could| would)? (?:(?:just|sort of|kind of|always) )*(?:feel|tell|know|sense|see) (?:it|that|straight|when)?)\b",
    re.IGNORECASE,
)
MOST_OF_NOTHING = 7
_NOT_SETTLED: Final = phrases(r"(?:i|we) (?:think|guess|believe|suppose|hope)")
_ANSWER: Final = re.compile(r"^\W*(?:well,? )?(?:no|nah|not really|yes|yeah|course|of course|sure)\b", re.IGNORECASE)


def lead(text: str) -> int:
    """How many characters at the beginning of a sentence only keep the conversation going, or say what comes: "Top of it: …"."""
    m = _LEAD.match(text)
    start = m.end() if m else 0
    heading = _HEADING.match(text, start)
    return heading.end() if heading else start


def without_lead(text: str) -> str:
    """The words from where they begin to say something, with a capital letter."""
    left = text[lead(text) :].strip() or text.strip()
    return left[:1].upper() + left[1:]


def bare(text: str) -> str:
    """The text without what only keeps the conversation going."""
    return " ".join(FLOOR.sub(" ", text).split()).strip(" ,.;:!?…-—")


def says_nothing(text: str) -> bool:
    """Whether nothing is left of it once what keeps the conversation going, or says that it was said, is gone."""
    if _NOTHING.match(text) and len(text.split()) <= MOST_OF_NOTHING:
        return True
    return not stems(bare(_BACK.sub(" ", text)))


def names_nothing(text: str) -> bool:
    """Whether it has no word that could be seen or heard: "You can just tell"."""
    return all(w in EMPTY for w in re.findall(r"[a-z][\w']*", bare(_BACK.sub(" ", text)).lower()))


def refers_back(text: str) -> bool:
    """Whether it says that something was said before."""
    return bool(_BACK.search(text))


def asks_back(s: Sentence) -> bool:
    """Whether it is a question to whoever asked: neither a statement with a tag, nor what one would ask the person sought."""
    if not is_question(s) or any(cue.search(s.plain) for cue in (_ASKED_OF_SOMEBODY, cues.DONE, cues.HAS_DONE)):
        return False
    return bool(_TO_US.search(s.plain))


def is_question(s: Sentence) -> bool:
    """Whether it asks, and does not merely tag a statement: "That's your third, isn't it?"."""
    return s.plain.rstrip().endswith("?") and not _TAG.search(s.plain.rstrip())


def tells_of_somebody(text: str, *, firmly: bool = False) -> bool:
    """Whether it says what the person sought has done, is or can, or names it; `firmly` where it has to be put as a wish or a deed."""
    left = bare(text)
    if not stems(left):
        return False
    if text.rstrip().endswith("?") and not _TAG.search(text.rstrip()):
        return any(cue.search(left) for cue in (cues.DONE, cues.HAS_DONE, _ASKED_OF_SOMEBODY))
    if any(cue.search(left) for cue in (cues.DONE, cues.HAS_DONE, cues.BARE, cues.REQUIRES, cues.WANTS, _BARE_TOO)):
        return not _TOPIC.match(text)
    if _TOPIC.match(text) or _OF_ONESELF.search(left) or _SOMEBODY_DID.match(left):
        return False
    if firmly and (_NOT_SETTLED.search(text) or not is_fragment(left, 10)):
        return False
    if _NEGATED.search(left):
        return False
    if _STORY.match(left) or _OWN.match(left):
        return bool(_OF_SOMEBODY.search(left)) and not _STORY.match(left)
    return bool(_OF_SOMEBODY.search(left) or _SUBJECTLESS.match(left)) or is_fragment(left, LONG_FRAGMENT)


_SAYS_MORE: Final = re.compile(
    r"^\W*(?:like|meaning|i mean|as in|such as|for (?:example|instance)|that is|at (?:least|most)|when|where|while|because|so that|even)"
    r"\b,?",
    re.IGNORECASE,
)
_DONE_TOO: Final = re.compile(
    r"^\W*(?:and )?(?:given|taken|written|driven|spoken|shown|broken|chosen|seen|begun|gone|worn|grown"
    r"|thrown|drawn|flown|woken|hidden|risen)\b",
    re.IGNORECASE,
)
"""What somebody has done, said with the "they have" of the sentence before."""

_MEASURE: Final = re.compile(
    r"\d+|an?|or|to|of|the|and|about|around|at|least|most|tops?|max(?:imum)?|min(?:imum)?|plus|more|so|odd|dozens?|hundreds?|thousands?"
    r"|couple|few|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|years?|months?|weeks?|days?|hours?|times?"
)
_DONE_THAT: Final = phrases(r"(?:done|did|do|does|had|made) (?:that|it|this|so|both)")
SHORT_NAME = 3
_HANGING: Final = re.compile(
    r"^\W*(?:through|across|during|with|without|under|over|for|from|in|into|on|at|to|by|of|before|after|until|while)\b(?!-)", re.IGNORECASE
)
"""A phrase that hangs on what was said before it: "Through two strikes."."""
_OF_THEM: Final = re.compile(r"\b(?:of|like|with|without|after) (?:them|it|those|these)\W*$", re.IGNORECASE)


def elaborates(text: str) -> bool:
    """Whether it only says more of what was said before it: "Like, on paper.", "A dozen at least."."""
    left = text[lead(text) :]
    if len(left.split()) <= MOST_OF_NOTHING and _OF_THEM.search(left):
        return True
    if _HANGING.match(left) and is_fragment(left, LONG_FRAGMENT):
        return True
    return bool(_SAYS_MORE.match(text) or _SAYS_MORE.match(left) or _DONE_TOO.match(left)) or is_amount(text)


def is_amount(text: str) -> bool:
    """Whether it only says how much: "A dozen at least."."""
    words = re.findall(r"[a-z0-9]+", bare(text).lower())
    return bool(words) and all(_MEASURE.fullmatch(w) for w in words)


def stands_for(before: Sentence, s: Sentence) -> bool:
    """Whether what somebody has done in it stands for a question just before: "Who talks to them? Somebody who's done that."."""
    return is_question(before) and not asks_back(before) and bool(_DONE_THAT.search(s.plain))


def only_calls(text: str, people: Sequence[str]) -> bool:
    """Whether nothing is in it but somebody's name, whole or short: "Dan, no."."""
    left = re.findall(r"[\w'-]+", bare(text))
    names = [n for person in people for n in person.casefold().split()]
    short = [w.casefold() for w in left]
    return bool(short) and all(len(w) >= SHORT_NAME and any(n.startswith(w) or w.startswith(n) for n in names) for w in short)


def without_asides(spoken: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that say something and ask nothing back; a question that the next sentence answers stays with its answer."""
    kept = []
    for i, s in enumerate(spoken):
        if says_nothing(s.plain) or (asks_back(s) and not _answers_itself(spoken[i : i + 2])):
            continue
        kept.append(s)
    return kept


def _answers_itself(pair: Sequence[Sentence]) -> bool:
    return len(pair) == 2 and bool(_ANSWER.match(pair[1].plain)) and not says_nothing(pair[1].plain)
