"""Protected traits and likeness to the team: how remarks about them are recognised and answered.

The groups follow what employment law protects (EU directive 2000/78, Title VII, ADEA, ADA, the UK Equality Act) and the proxies that
hiring guidance warns of. A remark counts when it is about the candidate; the same word about a patient, a system or a law does not.
"""

import re
from dataclasses import dataclass

from agents.language.phrases import phrases, plain

WHY = "This is about the person rather than the work, which is no criterion and cannot be used as evidence; it is set aside."

_THEIR = r"(?:his|her|their|the candidate's)"
_THEY_ARE = (
    r"(?:he|she|they)(?:'s| is| was|'re| are| were| seems?| seemed| looks?| looked| sounds?| sounded| " r"comes across as| came across as)"
)
_DEGREE = r"(?:a |an |the )?(?:bit |little |touch |rather |quite |very |too |so |somewhat |slightly |really |" r"pretty |fairly )*"


@dataclass(frozen=True)
class Trait:
    """A group of remarks that are not about the job: its name, how it is voiced, and what we tell the interviewer."""

    name: str
    voiced: re.Pattern[str]

    @property
    def why(self) -> str:
        """One sentence for the interviewer."""
        return f"This is about {self.name}, which is not a criterion and cannot be used as evidence; it is set aside."


TRAITS: tuple[Trait, ...] = (
    Trait(
        "age",
        phrases(
            rf"at (?:{_THEIR}|that) (?:age|stage of life|time of life)",
            rf"{_THEIR} (?:own )?(?:age|years|generation)",
            rf"{_THEY_ARE} {_DEGREE}(?:young|old|elderly|youthful|ageing|aging|middle-aged|past it|over the hill|"
            rf"mature|fresh-faced|baby-faced|getting on)(?! (?:school|hand|guard|fashioned|ways?))",
            r"(?:too|rather|a bit|a little|quite|very) (?:young|old)(?! (?:school|fashioned|hand))",
            "long in the tooth",
            "past (?:it|(?:his|her|their) (?:prime|best|sell-by))",
            "over the hill",
            "digital native",
            "(?:close|near) to (?:retirement|retiring|a pension)",
            r"(?:his|her|their) (?:twenties|thirties|forties|fifties|sixties)",
            "wet behind the ears",
            "recent grad(?:uate)?s? energy",
            "(?:young|old)(?:er)? (?:man|woman|lady|chap|bloke|guy|girl|lad|boy|person|dog)",
            "millennial",
            "boomer",
            "gen(?:eration)? ?[xyz]",
            r"energy (?:at|for) (?:his|her|their|that) age",
            "(?:grey|gray) hair",
            "kid (?:just )?out of (?:school|college|university)",
        ),
    ),
    Trait(
        "family or private life",
        phrases(
            rf"{_THEIR} (?:\w+ )?(?:kids?|child(?:ren)?(?!'s)|baby|babies|toddlers?|husband|wife|"
            r"partner(?! (?:teams?|company|companies|firms?|banks?|agency|agencies|side|channel|api|at|from|on)\b)|"
            rf"spouse|family|"
            rf"marriage|pregnancy|boyfriend|girlfriend|parents|divorce|fianc\u00e9e?)",
            r"(?:has|have|had|with|having|got|wants|planning|juggling|expecting)(?: \w+){0,3} (?:kids|children|a "
            r"(?:new |young )?baby|a (?:young )?family|toddlers?|little ones|school run|childcare)",
            r"(?:small|young|little) (?:kids?|child|children|ones?) (?:at home|to (?:look after|think of|pick up|feed))",
            "pregnant(?! pause)",
            "pregnancy",
            r"maternity|paternity leave",
            "newly-?wed",
            r"(?:recently|just|newly|not|un|still) ?(?:married|engaged|divorced|single)",
            "single (?:mum|mom|mother|dad|father|parent)",
            "school run",
            "childcare",
            r"(?:start|starting) a family",
            "working (?:mum|mom|mother)",
            "biological clock",
        ),
    ),
    Trait(
        "accent, voice or mother tongue",
        phrases(
            "accents?(?! (?:colou?rs?|tokens?|lights?|walls?))",
            rf"(?:{_THEIR}|the) (?:voice|way of (?:speaking|talking)|speech) (?:is|was|'s|sounds?|has|had|grates|put)",
            r"(?:northern|southern|regional|foreign|posh|cockney|scouse|brummie|thick|broad|strong|heavy) "
            r"(?:accent|voice|twang|vowels|drawl)",
            "twang",
            "brogue",
            "drawl",
            "native (?:speaker|english|level)",
            "mother tongue",
            "first language",
            r"(?:his|her|their) english",
            r"(?:speaks?|spoke|talks?|talked) (?:too )?(?:funny|posh|common|broken english)",
            "well[- ]spoken",
            "stammers?",
            "stutters?",
            "lisp",
        ),
    ),
    Trait(
        "origin, nationality or background",
        phrases(
            r"(?:not|isn't|wasn't)(?: \w+)? from (?:round|around) here",
            r"(?:where|wherever) (?:he|she|they)(?:'s| is|'re| are| come| comes)? (?:really |originally )?from",
            rf"{_THEY_ARE} {_DEGREE}foreign",
            "foreigners?",
            "immigrants?",
            "ethnic(?:ity)?",
            "skin colou?r",
            r"(?:his|her|their|own|mixed|same|other) race(?! (?:condition|hazard|equality))",
            "racial(?:ly)?",
            "nationality",
            "(?:his|her|their|foreign|british|which|what) passport",
            "work permit",
            "visa status",
            rf"{_THEIR} (?:country|culture|own people|heritage|roots|surname|name is)",
            "not (?:a )?local(?:s)?",
            "working[- ]class",
            "upper[- ]class",
            "posh",
            "common as",
            "council estate",
            "private school",
            "public school(?:boy|girl)?",
            "the right (?:school|university|sort of school)",
            "oxbridge",
            "ivy league",
            "good family",
            "wrong side of",
        ),
    ),
    Trait(
        "religion or belief",
        phrases(
            "church-?go(?:ing|er)s?",
            "church wise",
            "church (?:people|family|every|on)",
            "(?:go(?:es|ing)?|went|from|at) (?:to )?church(?! (?:hall|project|roof|records))",
            "mosque",
            "synagogue",
            "temple-?goer",
            "religio(?:n|us)",
            "(?:a |devout |practising |strict )(?:christian|muslim|jew|jewish|hindu|sikh|catholic|protestant|atheist|buddhist|evangelical)",
            "(?:is|was|he's|she's|being) (?:muslim|jewish|hindu|sikh|catholic|protestant|christian)",
            "headscarf",
            "hijab",
            "turban",
            "prays?",
            "prayer times?",
            "ramadan",
            "sabbath",
            "(?:votes?|voted) (?:labour|tory|conservative|democrat|republican|green)",
            "(?:his|her|their) politics",
        ),
    ),
    Trait(
        "health or disability",
        phrases(
            rf"{_THEIR} (?:\w+ )?(?:health(?! checks?)|illness|disability|condition(?! (?:for|of|that|to|was)\b)|limp|"
            rf"back(?![- ](?:end|office|log|up|of|catalogue))|weight|hearing|eyesight|"
            rf"sick(?:ness)? record|medication|anxiety|depression|surgery|wheelchair)",
            "wheelchair",
            "disabilit(?:y|ies)",
            rf"{_THEY_ARE} {_DEGREE}(?:disabled|handicapped)(?! by)",
            "(?:being|registered|a) disabled(?: (?:person|man|woman|candidate))?",
            "(?:he|she|they)(?:'s| is| was|'re| are| were)? (?:\\w+ )?limp(?:s|ed|ing)",
            "(?:with|has|had) a (?:\\w+ )?limp",
            "hearing aid",
            "autis(?:m|tic)",
            "adhd",
            "dyslexi[ac]",
            "on the spectrum",
            "mental health",
            "depress(?:ed|ion)",
            "bipolar",
            "sick leave",
            "overweight",
            "out of breath",
            "(?:carrying|lost|put on) (?:a bit of |some )?(?:weight|timber)",
            "a(?:n)? (?:unhealthy|frail|sickly)",
            f"{_THEY_ARE} {_DEGREE}(?:frail|fat|thin|sickly|ill|unwell|heavy|obese|skinny)(?! (?:on|with|at|about|in))",
        ),
    ),
    Trait(
        "looks or dress",
        phrases(
            r"(?:good|nice|great|lovely|smart|cheap|scruffy|sharp|bad|terrible|awful|odd|loud|interesting) (?:\w+ "
            r")?(?:trainers|shoes|suit|shirt|tie|jacket|dress|blouse|outfit|hair|haircut|hairdo|beard|glasses|"
            r"tattoos?|watch|bag|jumper|boots|smile|teeth|looks|nails|make-?up|earrings|scarf|socks|cardigan|coat)",
            rf"{_THEIR} (?:\w+ )?(?:trainers|shoes|suit|shirt|tie|jacket|dress|blouse|outfit|hair|haircut|beard|"
            rf"tattoos?|piercings?|clothes|looks|appearance|make-?up|teeth|nails|smile|face(?! (?:value|time))|height|posture|"
            rf"jumper|cardigan|earrings|handshake|background (?:on|for|in) (?:the |our )?(?:call|camera|video|screen))",
            "tattoos?",
            "piercings?",
            "good[- ]looking",
            "(?:good|great|nice|trim|full) figure",
            rf"{_THEY_ARE} {_DEGREE}attractive",
            "attractive (?:woman|man|girl|lady|guy|face|person|candidate)",
            "handsome",
            "pretty (?:girl|face|lady|woman)",
            "gorgeous",
            "easy on the eye",
            "cute",
            "scruffy",
            "unkempt",
            "dishevelled",
            "well[- ]turned[- ]out",
            "(?:well|smartly|badly|poorly|oddly|too casually) dressed",
            "(?:looks|looked|look) the part",
        ),
    ),
    Trait(
        "sex or gender",
        phrases(
            "mumsy",
            "motherly",
            "fatherly",
            "matronly",
            "maternal",
            "girly",
            "ladylike",
            "effeminate",
            rf"{_THEY_ARE} {_DEGREE}camp",
            "(?:bit|too|rather|very) camp",
            "manly",
            "macho",
            "feminine",
            "masculine",
            "bossy",
            "shrill",
            "feisty",
            "hysterical",
            "hormonal",
            "nagging",
            "ballsy",
            r"for a (?:woman|girl|man|lady|bloke|chap|mother|mum)",
            r"(?:as|being) a (?:woman|mother|mum|mom|girl)",
            "(?:pushy|emotional|abrasive) (?:woman|female|lady)",
            "man's (?:job|world)",
            "woman's (?:touch|job)",
            "one of the (?:lads|boys|guys|girls)",
            "the girls",
            "gay",
            "lesbian",
            "straight-acting",
            "trans(?:gender)?",
            "(?:sexual|sexuality) \\w*",
        ),
    ),
    Trait(
        "likeness to the team rather than the work",
        phrases(
            r"cultur(?:e|al) (?:fit|add|match)",
            r"(?:wouldn't|would not|won't|would|'d|doesn't|does not|didn't|might not|not) (?:\w+ )?(?:fit "
            r"(?:right )?in|gel|blend in|fit the (?:mould|mold|vibe))",
            r"(?:fit|fits|fitted) (?:right |straight )?in",
            r"look(?:s|ed)? (?:right )?at home (?:on|in|with) (?:our|the)",
            r"(?:have|having|grab|go for|want) (?:\w+ )?(?:a |an )?(?:beers?|pint|drink)s? with",
            "down the pub",
            "in the pub",
            "my (?:kind|sort|type) of (?:person|guy|people|girl|man|woman|chap)",
            "our (?:sort|kind|type)(?: of (?:person|people))?",
            "not (?:our|my) (?:sort|kind|type)",
            "reminds? me of (?:me|myself|my younger)",
            "(?:just )?like (?:me|us)(?: when)?",
            "same (?:school|university|college|team|club|football|church|village|town) as",
            "supports? (?:the )?(?:same|right|wrong) (?:team|club)",
            "people like us",
            "cut from the same cloth",
            "part of the furniture",
        ),
    ),
)


def trait_in(text: str) -> Trait | None:
    """The first group of remarks that the text contains, or None where it is about the job."""
    flat = plain(text)
    return next((t for t in TRAITS if t.voiced.search(flat)), None)
