"""How what was said is taken up: kept, confirmed, insisted on or refused; the answering half of a pair, in closed classes of English."""

import re
from typing import Final

from agents.language.phrases import phrases

KEEPS: Final = phrases(
    r"(?:i'll|i will|i|let me|we|we'll) (?:just )?(?:write|put|note|keep|take|mark|jot|pop|pencil"
    r"|type)(?: \w+)? (?:it|that|this|them|both|you)"
    r"(?: (?:down|in|up|so))?",
    r"(?:it|that|this|that one|this one)(?:'s| is| stays| goes| stands)? (?:written|noted|down|in|stays?"
    r"|kept|on the (?:list|page|sheet|paper))",
    r"(?:that|this|it|that one|this one) (?:stays|stands|goes (?:in|down|on))",
    r"(?:i'd|i would|we'd|i could|we could) (?:hire|go|ask|work|sell|search) (?:on|with|for|it|that)",
    r"(?:i )?like (?:that|it|this)(?: one)?(?: better)?",
    r"(?:makes|made) sense",
    r"(?:i've|i have|i had) (?:no|nothing) (?:quarrel|argument|objection|against)",
    r"(?:i|we) (?:accept|agree|don't discuss|don't fight|take it)",
    r"(?:got|with|hear) (?:it|that|you)",
    r"(?:much|far|a lot) better|sold|done|agreed|fair enough|that'll do|perfect|lovely|grand|noted|good one",
)
"""The recruiter keeps it."""

CONFIRMS: Final = re.compile(
    r"^\W*(?:(?:oh|ah|well|um+|uh+|er|mm+|so|and|no|hm+|right|okay|ok|look|see|now|honestly|god|lord|gosh|hell|oh my),? )*"
    r"(?:yes|yeah|yep|yup|aye|exactly|precisely|correct|right|agreed|absolutely|definitely|of course|sure"
    r"|true|done|deal|fine|perfect|lovely|mm-?hm+"
    r"|(?:that|this)(?:'s| is| was|'d be) (?:it|right|exactly|better|good|fair|the (?:one|no|bit|thing|point|whole point)|my|a (?:no|must))"
    r"|i (?:would|do|can|will|'d)(?=\W)|go on|put (?:that|it)|write (?:that|it)|equal|both|that one"
    r"|(?:i'd|i would) (?:swap|take|make|hire)|(?:have|send|give me|bring) (?:them|him|her)\b"
    r"|(?:i've )?got to\b|same(?: as)?\b|first thing)",
    re.IGNORECASE,
)
"""The manager's yes at the beginning of a turn."""

REFUSES: Final = re.compile(
    r"^\W*(?:(?:oh|ah|well|um+|uh+|er|hm+|mm+|look|ha),? )*(?:nah|nope|no\b(?![,.]? (?:no[,.]? )?(?:yes"
    r"|you're right|that's (?:it|right|good|better|fair)"
    r"|i('m| am) with))|not (?:really|necessarily|a chance)|please[,.]? no|don't|never|rubbish|i don't)",
    re.IGNORECASE,
)
"""The manager's no at the beginning of a turn."""

INSISTS: Final = phrases(
    r"(?:that|this|it)(?:'s| is|'d be) (?:the (?:one|bit|point|whole point|no|thing|main thing|big one)"
    r"|my (?:first|second|third|one|no|line)|a must"
    r"|not (?:up for|negotiable))",
    r"(?:not just|not only|more than anything|above all|the big(?:gest)? thing|number one|first of all|so that's the other thing)",
    r"(?:there's|there is) no (?:way|argument|discussion|two ways)",
    r"every (?:single )?(?:time|one of)|any day(?: of the week)?|no question|hands down|(?:in )?a heartbeat|for sure|i promise you",
    r"(?:can't|couldn't|wouldn't|won't|don't|not|no use|nobody|not anyone|never) (?:\w+ ){0,4}(?:without|otherwise)"
    r"|(?:same|as much) as the others?"
    r"|(?:in )?with the (?:others?|other two)|it must be",
    r"anybody can|anyone can|everyone (?:would|does|can)",
)
"""Whoever says it means it."""
