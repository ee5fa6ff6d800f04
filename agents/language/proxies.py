"""Wishes that rest on a protected trait, or on something that only stands in for one: declined, and asked for the work behind them."""

import re
from dataclasses import dataclass
from typing import Final

from agents.language.phrases import phrases, plain

_PERSON = r"(?:somebody|someone|a person|anyone|people|candidates?|one|they|she|he|to be|be|quite|very|fairly|really|rather|too|a bit)"

_WISHED = r"(?:want|need|like|love|prefer|hire|get|have|take|be|is|it's|as|for|ideally|rather|and|or)"


_BELIEF = (
    r"(?:christians?|muslims?|jew(?:s|ish)?|hindus?|buddhists?|sikhs?|catholics?|protestants?|atheists?|religious"
    r"|church[- ]?going|god[- ]fearing|believers?)"
)
_BELIEF_BEFORE = r"(?:be|is|are|'s|'re|a|an|another|practi[sc]ing|good|only|no|not|someone|somebody|who's|prefer(?:ably)?|want|from a)"
_OF_AN_EMPLOYER = (
    r"(?:school|hospital|charity|church|organi[sz]ation|community|holiday"
    r"|festival|centre|center|college|trust|hospice|home|order|order's|aid|relief)"
)


@dataclass(frozen=True)
class Proxy:
    """A group of wishes: how they are voiced, and what to ask for instead."""

    name: str
    ask: str
    voiced: re.Pattern[str]


def _proxy(name: str, ask: str, *alternatives: str) -> Proxy:
    return Proxy(name=name, ask=ask, voiced=phrases(*alternatives))


PROXIES: Final = (
    _proxy(
        "age",
        "Which part of the work made you think of age, and what would somebody do who does it well?",
        rf"{_PERSON},? (?:\w+ )?(?:young|younger|youngish|youthful|old|older|mature|middle-aged)(?! (?:code|system|team|company"
        rf"|firm|market|product|stack))",
        r"(?:young|younger|youthful|mature) (?:person|people|blood|guy|woman|man|team member|professional|candidate|energy|face|and)",
        r"(?:in|under|over|below|above|not) (?:their|his|her|the age of)? ?(?:early |mid |late )?(?:twenties|thirties|forties"
        r"|fifties|sixties)",
        r"(?:under|over|below|not over|no older than|no younger than) (?:twenty|thirty|forty|fifty|sixty|[2-6][05])(?!"
        r" (?:people|percent|hours|days|minutes|thousand|staff))",
        r"(?:mid|early|late)[ -](?:teens|twenties|thirties|forties|fifties|sixties)",
        r"(?:it's|we're|we are|they're|they are|team's|team is|everybody's|everyone's) (?:a |an |all |very |pretty |really |quite )*"
        r"(?:young|youthful)(?! (?:company|firm|business|product|code|market))",
        r"(?:at|of) (?:their|his|her|that|our|my|a certain|the right) age|the right age|(?:too|not too) (?:old|young)(?= for|\W*$)",
        r"born (?:after|before|in|since) (?:19|20)\d\d|class of (?:19|20)\d\d|generation [xyz]|gen[- ][xyz]|millennials?|boomers?",
        r"^\W*(?:well,? |ideally,? |just )*(?:young|younger|youngish|old|older|mature)\W*$",
        r"digital natives?",
        r"(?:recent|fresh|new) graduates?",
        r"fresh out of (?:school|college|university)",
        r"(?:close|near) to retirement",
    ),
    _proxy(
        "origin and language",
        "What does the work need to be said, read or written in that language, and to whom?",
        r"native(?:[ -](?:level )?(?:\w+[ -])?speakers?| english| german| french)",
        r"mother tongue",
        r"(?:without|no|hardly any|strong|thick|foreign) (?:an? )?accent",
        r"(?:british|german|french|american|european|asian|african|indian|local) (?:born|origin|background|names?|passport)",
        r"(?:one of us|from here|from our culture|our kind of people)",
    ),
    _proxy(
        "colour, belief, politics or whom somebody loves",
        "Which part of the work did you have in mind, and what would one see somebody do who does it well?",
        r"(?:be|is|are|'s|'re|someone|somebody|a|only|prefer(?:ably)?|want|rather|ideally) (?:white|black|asian|brown|arab|latin[oa]|roma)"
        r"(?=\W*$|[,.;]| (?:person|people|man|men|woman|women|guys?|candidate|lad|girl|skin|face|and|or|only|who)\b)",
        rf"{_BELIEF_BEFORE} {_BELIEF}(?! {_OF_AN_EMPLOYER})|(?:go|goes|going) to (?:church|mosque|synagogue|temple)",
        r"(?:headscar(?:f|ves)|hijab|burqa|turban|kippah|yarmulke|crucifix)",
        r"(?:be|is|are|'s|'re|someone|somebody|a|not|no) (?:gay|straight|lesbian|bisexual|queer|trans|transgender|homosexual|heterosexual)"
        r"(?=\W*$|[,.;]| (?:person|people|man|men|woman|women|guys?|and|or|with a)\b)",
        r"(?:in|join|joins|joined|joining|member of) (?:a |the |any )?(?:trade )?union",
        r"(?:trade )?union (?:member|members|man|men|type|types|activist|people)",
        r"no unions?(?=\W*$|[,.;])|(?:vote|votes|voted) (?:for )?(?:labour|conservative|tory|republican|democrat|green)",
        r"(?:left|right)[- ]wing",
    ),
    _proxy(
        "family and health",
        "Which hours, places or duties does the work really need, and could everybody who does it meet them?",
        r"no (?:small |young )?(?:kids|children|family)",
        r"(?:without|no) (?:family )?(?:commitments|ties|dependants|baggage)",
        r"(?:not|isn't|won't be|never) (?:going to be )?(?:pregnant|on maternity|off sick)",
        r"(?:be|is|are|get|gets|getting|fall|falls|become|somebody|someone|anyone|she's|they're|who's|not|never|a) (?:\w+ )?pregnant"
        r"(?! (?:woman|women|patient|patients|mother|mothers|customer|customers|people))",
        r"(?:go|goes|going|off|be|is|are|leave|leaves|leaving|disappear|disappears) (?:\w+ )?on (?:maternity|paternity|parental)",
        r"(?:to|and|will|would|'ll|about|be|off|not|never|won't) (?:have|having) (?:a |another |her |their |more )?"
        r"(?:baby|babies|child|children|kids)(?=\W*$|[,.;]| (?:soon|next|in the|and))",
        r"(?:the|this|that) (?:baby|pregnancy|maternity|kids|children) (?:thing|issue|question|business|stuff)",
        r"(?:has|have|with|got) a (?:wife|husband|stable home)(?: at home)?|wife at home",
        r"(?:no|not|without|isn't|aren't) (?:a )?disab\w+"
        r"|in a wheelchair|(?:no|without) (?:mental|physical) (?:health|illness|problems?)",
        r"start(?:s|ing)? a family|(?:small|young|little) (?:kids|children)(?=\W*$| at home| of)|(?:kids|children|baby) at home",
        r"(?:family man|single|childless|unmarried|married)(?= (?:man|woman|person|people|guy)|\W*$)",
        r"(?:healthy|able-bodied|fit and healthy|no health (?:issues|problems)|physically fit)",
    ),
    _proxy(
        "gaps in a career",
        "What should they be able to show from their latest work, whenever that was?",
        r"(?:no|without|any) (?:\w+ )?(?:gaps?|breaks?|holes?)(?: (?:in|on) (?:the|their|his|her) (?:cv|résumé|resume"
        r"|career))?(?=\W|$)(?! (?:analysis|in the (?:market|system|process)))",
        r"(?:unbroken|seamless|continuous|uninterrupted) (?:cv|career|employment|résumé|resume)",
    ),
    _proxy(
        "school and background",
        "What did people from there do better, and how would you see that in somebody from anywhere else?",
        r"(?:top|good|proper|right|elite|decent|respectable|redbrick|well-known|name) (?:\w+ )?(?:schools?|universit(?:y|ies)"
        r"|colleges?|place, you know)",
        r"from a (?:proper|good|decent|respectable|well-known) (?:place|school|university|college|family|home)",
        r"oxbridge|ivy[ -]league|russell group|grandes? écoles?",
        r"(?:good|right|decent|respectable) (?:family|background|upbringing|part of town)",
    ),
    _proxy(
        "gender",
        "What in the work made you think so, and what would one see somebody do who does it well?",
        # The person wished for, and nobody in a story: "I'd like a woman", but not "they calmed a woman who shouted".
        rf"(?:(?<!\w )|{_WISHED} )(?:a|another|some)(?: \w+)? (?:man|men|guys?|lads?|woman|women|girls?|lady|ladies|blokes?)(?=\W*$|[,.]|"
        r" (?:who|for|to|with|on|in|at)\b)",
        r"(?:male|female|masculine|feminine|manly|motherly)",
        r"(?:woman's|man's) (?:touch|job|work)",
    ),
    _proxy(
        "likeness",
        "Which way of working do you mean, and what would you see or hear that shows it?",
        r"cultur(?:e|al) fit",
        r"fit(?:s|ting)? in(?: well)? (?:here|with (?:us|(?:the|our|my) (?:\w+ )?"
        r"(?:guys|lads|girls|boys|team|crew|crowd|vibe|gang|others|culture)))",
        r"(?:right|good|same|our|the) vibes?",
        r"(?:people|someone|somebody) like us",
    ),
)


def proxy_in(text: str) -> Proxy | None:
    """The first group of such wishes that the text voices, or None."""
    flat = plain(text)
    return next((p for p in PROXIES if p.voiced.search(flat)), None)
