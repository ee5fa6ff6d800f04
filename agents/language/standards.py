"""Standards that somebody brings along: what one always asks, how one has to be, and a manner held against a person."""

from typing import Final

from agents.language.phrases import phrases

_MANNER = (
    r"nice|kind|gentle|soft|hard|tough|quiet|loud|shy|polite|calm|slow|quick|fast|careful|serious|friendly|modest|humble|proud|cold|warm"
    r"|smooth|slick|earnest|intense|casual|formal|eager|timid|bold|blunt|chatty|reserved|emotional|sensitive"
)
OWN_STANDARD: Final = phrases(
    r"(?:i|we) (?:always|never|usually) (?:ask|look|test|check|want|hire|take|go)",
    r"(?:i|we) (?:ask|look for|test|check) (?:always|everybody|everyone)",
    r"(?:you've|you have|one has|they've|people have) (?:got )?to be \w+|you (?:need|have|ought) to be \w+",
    r"(?:in my (?:book|experience|view|team)|for me (?:one|you|they|it's) (?:must|should|always)|my (?:rule|test|question|bar) (?:is|for))",
    r"(?:real|proper|serious|true) (?:\w+ ){1,2}(?:don't|do not|never|always|would|wouldn't)",
)
"""A rule of one's own is put as if everybody knew it."""

WISHED: Final = phrases(
    r"(?:i|we)(?:'d| had| was| were)? (?:really |rather |secretly )?(?:hop(?:ed|ing)|wish(?:ed|ing)|long(?:ed|ing)|look(?:ed|ing)) for"
    r" (?:someone|somebody|an?other|an?|more|that)\b",
    r"(?:i|we)(?:'d| would) (?:have |'ve )?(?:liked|loved|preferred|wanted|rather had) (?:to see |to have )?(?:someone"
    r"|somebody|an?other|an?|more)\b",
    r"without (?:(?:the|an?|any|those|these|some) )?(?:\w+ ){1,2}(?:it|that|this|he|she|they)(?:'s| is|'re| are) (?:just"
    r"|only|merely|nothing|no|not)\b",
    r"(?:anyone who|anybody who|whoever|people who) (?:\w+ ){1,5}(?:is|are|understands?|knows?|will|can) \w+",
)
"""A wish for somebody else, a condition, or a rule about people that a single trait is to prove."""

MANNER: Final = phrases(
    rf"(?:too|so|a bit|a little|rather|quite|far too|overly|not (?:very )?(?:really )?) ?(?:{_MANNER})(?: enough)?",
    rf"(?:{_MANNER}) enough",
    r"(?:took|takes|needed|needs) (?:\w+ ){0,2}(?:an age|ages|forever|a while|too long|a long time|his time|her time|their time) to",
)
"""How somebody came across is held for or against them."""
