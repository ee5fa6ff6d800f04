"""Closed classes of English that the rules go by: function words and set phrases, never the words of one job."""

import re
from typing import Final

from agents.language.phrases import SENTENCE, phrases

# Where a new assertion starts inside a sentence.
CONTRAST: Final = phrases("but", "although", "though", "however", "whereas", "yet", "on the other hand")
OPENS_ANEW: Final = re.compile(
    r"^\W*(?:but|still|though|although|however|also|plus|that said|having said that|on the other hand|on "
    r"the plus side|then again|and(?=,| (?:he|she|they|i|a|the|one)\b))\b",
    re.IGNORECASE,
)
JOINED_REPORT: Final = re.compile(
    r"(?:,\s*|\s+)and\s+(?=i\s+(?:(?:did|do|could|was|have|had|would)(?:n't|\s+not|\s+never)|never|think|"
    r"guess|suspect|believe|reckon|doubt|worry|wonder|fear)\b)",
    re.IGNORECASE,
)

CANDIDATE_REFERENCE: Final = phrases(
    r"(?:he|she|they)(?:'(?:d|s|ll|ve|re))?", "him", "her", "them", "the candidate", "(?:a|the) (?:man|woman|person|guy|lady|type) who"
)
INTERVIEW_EVENT: Final = phrases(
    r"(?:when|once|after|as|until) (?:i|we)(?:'d)?",
    r"i (?:asked|ask|pushed|pressed|probed|tried|put|raised|brought|gave|came|kept|had to|had no|never|"
    r"didn't|don't|couldn't|think|thought|believe|suspect|guess|doubt|fear|fancy|worry|wonder|imagine|"
    r"expect|reckon|bet|missed|have not|haven't)",
    r"(?:i|we) (?:talked|spoke|discussed|got to|came to)",
)

# The speaker commits to less than a fact: predictions, hunches, worries. A record holds what was said, not what would be.
SPECULATION: Final = phrases(
    r"(?:i|we) (?:do |just |rather |only )?(?:worry|wonder|doubt|fear|suspect|imagine|bet|expect|assume|reckon)",
    r"(?:i'd|i would|i'm|i am) (?:guess|guessing|imagine|imagining|expect|assuming|assume|bet|betting|"
    r"worried|nervous|concerned|afraid|anxious|wondering|be surprised|be worried|be nervous)",
    r"i (?:should|would|'d) be (?:very |quite |rather )?(?:surprised|amazed|worried|nervous|concerned)",
    r"(?:i )?(?:can't|cannot|can not|couldn't|struggle to|find it hard to) (?:quite |really )?(?:see|"
    r"picture|imagine) (?:him|her|them|this|it)",
    r"(?:not|am not|less|not so|not entirely|not at all) (?:sure|convinced|certain|persuaded|clear)(?: "
    r"yet)? (?:how|whether|if|that|about|he'd|she'd|they'd|he would|she would|they would|he can|she can|"
    r"he could|she could)",
    r"(?:just |only )?(?:a|my) (?:hunch|gut feeling|guess|suspicion|sneaking feeling)",
    r"(?:my|the) (?:worry|fear|concern|guess|hunch|suspicion|question|instinct) (?:is|would be|was)",
    r"(?:jury's|jury is) (?:still )?out",
    r"(?:probably|presumably|i dare say|no doubt|for all i know|might well|may well)",
)
CONDITIONAL: Final = re.compile(
    r"(?<!how )(?<!what )(?<!where )(?<!when )(?<!so )(?<!that )(?<!who )(?<!why )\b(?:he|she|they)(?:'d|"
    r"'ll| would| will| might| won't| wouldn't| might not)(?: \w+){0,2}? "
    r"(?:be|get|have to|cope|manage|handle|struggle|fit|last|do|go|run|survive|keep|hold|stand|stay|work|"
    r"deal|take|make|lead|want|need|thrive|settle|find|bring|let|fold|crumble|push|back|look|learn|grow|"
    r"leave|break)\b",
    re.IGNORECASE,
)
PERFECT: Final = phrases(
    r"(?:he|she|they)(?:'s|'ve| has| have) (?:\w+ ){0,3}?(?:been|had|done|\w+ed|\w+en|sat|held|led|run|"
    r"made|built|met|dealt|taught|sold|found|felt|seen|gone)"
)
DOUBT: Final = phrases(
    r"(?:not|less|never|don't|hardly|am not|i'm not)(?: \w+)? (?:sure|convinced|certain|persuaded|think|" r"believe)(?: that| if| whether)?"
)
GUESS: Final = phrases(
    r"(?:i'd|i would|i'm|i|my|a|only|just)(?: \w+)? (?:guess|guessing|hunch|suspect|imagine|bet|betting|"
    r"assume|assuming|reckon|suspicion)"
)
SUBJECTLESS: Final = re.compile(
    r"^\W*(?:also |then |but |still,? |and )?(?:(?!this\b|as\b|is\b|was\b|yes\b|perhaps\b|always\b|"
    r"sometimes\b|things\b|less\b)[a-z]{2,}(?:ed|[^s\W]s)\b(?! (?:of|like|and)\b)|took|told|gave|got|went|"
    r"said|knew|kept|came|made|had|left|led|ran|spoke|stood|held|lost|let|did|could|couldn't|didn't|"
    r"wasn't|doesn't|can't|hasn't|never \w+|"
    r"(?:[a-z]+ )?(?:slick|sharp|strong|weak|good|great|bad|poor|vague|clear|quick|slow|thin|light|solid|"
    r"excellent|brilliant|hopeless|evasive|fluent|shaky|hazy|woolly|patchy|confident|fuzzy|terrific|"
    r"superb|lost|credible|convincing|comfortable|thorough|honest|open|cagey) (?:on|about|at|with|in|when|"
    r"under)\b)",
    re.IGNORECASE,
)
# Closed classes that only a clause has: auxiliaries, contractions of them, and the commonest past forms.
FINITE: Final = re.compile(
    r"\b(?:is|was|were|are|am|has|had|have|did|does|do|can|could|will|would|got|went|came|took|gave|made|said|told|kept|left|knew|"
    r"saw|ran|held|led|built|found|wrote|put|\w{3,}ed)\b|n't\b|'(?:s|d|ll|ve|re)\b",
    re.IGNORECASE,
)
REACTION: Final = re.compile(
    r"^\W*i(?:'d| would| wouldn't| could have| couldn't have| should| want| wanted| will|'ll| might have| "
    r"loved| liked| enjoyed)\b(?! (?:guess|be surprised|expect|imagine|bet|say|worry|be worried))",
    re.IGNORECASE,
)
PRETERITE_MODAL: Final = phrases(
    r"(?:he|she|they) (?:could|couldn't|could not|would|wouldn't) (?:tell|name|say|give|explain|answer|"
    r"think|recall|remember|describe|show|point|find)(?: me| us)?"
)

# One counter-example in the record refutes these: existential and universal denials, and what "did not come".
DENIAL: Final = phrases(
    "never",
    r"(?:not|n't) (?:a |one |any |a single |ever |even |once )\w*",
    r"no (?!one\b|problem|doubt|question|wonder|fuss)(?-i:[a-z])\w+",
    "none",
    "nothing",
    "nobody",
    "no one",
    "nowhere",
    r"(?:couldn't|could not|can't|cannot|didn't|did not|wasn't able to|failed to|unable to|wouldn't|"
    r"hasn't|has not|hadn't|haven't|isn't|doesn't)",
    "without (?:a|any|one|ever)",
    "only",
    "lacks?",
    "lacking",
    "missing",
    "avoided",
    "absent",
    r"(?:less|not) sure (?:that )?(?:he's|she's|they've|he has|she has|they have|he|she|they) (?:ever|" r"really|actually)",
    r"don't think (?:he|she|they)",
    "hardly",
    "barely",
    r"(?:somebody|someone) else(?!'s)",
)
NEGATORS: Final = phrases(
    r"not",
    r"\w+n't",
    "never",
    "no",
    "none",
    "nobody",
    "no one",
    "nothing",
    "without",
    "cannot",
    "hardly",
    "barely",
    "neither",
    "nor",
    "less sure",
)

# The candidate's own word for what they did not do.
SELF_DENIAL: Final = phrases(
    r"i(?:'d| had|'ve| have)? (?:just |really |honestly |actually )?(?:never|didn't|did not|couldn't|"
    r"could not|wasn't|was not|haven't|hadn't|have not|had not|don't think i|can't say i|not)"
)

SAID_NO: Final = re.compile(r"^\W*(?:no|nope|never|not (?:a|one|really|ever|yet|me|once)|none|nothing)\b", re.IGNORECASE)

# Episodes of the conversation itself: what was asked and what came back.
ASKED: Final = phrases(
    r"(?:when|once|after|as|whenever|each time|every time) (?:i|we)(?:'d)? \w+",
    r"i (?:\w+ )?(?:asked|ask|pushed|pressed|probed|put it|tried|had to|kept asking|came at|gave (?:him|her|them))",
    r"(?:my|the|our) (?:\w+ )?(?:question|ask|prompt|exercise|task|case|scenario)",
    "on the question of",
    "asked about",
    "asked (?:him|her|them)",
)
FRONTED_ASK: Final = phrases(
    r"(?:when|once|after|as|whenever|each time|every time|on|at|in|for)\b[^,.;]{0,40}\b(?:i|we)(?:'d)? "
    r"(?:asked|ask|pushed|pressed|probed|raised|brought|put|came|got to|turned|moved|tried)"
)
DUCKED: Final = phrases(
    "ducked",
    "dodged",
    "avoided",
    "evaded",
    "sidestepped",
    "swerved",
    "deflected",
    "waffled",
    "rambled",
    "vague",
    "foggy",
    "woolly",
    "hand-?wav(?:ed|y)",
    "changed the subject",
    "skirted",
    "blank(?:ed)?",
    "drew a blank",
    "stalled",
    "froze",
    "fumbled",
    "hesitated",
    "struggled",
    "stumbled",
    "went round",
    "talked around",
    "off the point",
    "off topic",
    "no answer",
    "didn't answer",
    "non-answer",
    "thin",
    "slogans?",
    "buzzwords?",
    "clich\u00e9s?",
    "textbook",
    "platitudes?",
    "jargon",
    "theory",
    "generalities",
    "rehearsed",
    "scripted",
    "stock answer",
)

# When in the conversation: adverbials of order.
AT_THE_START: Final = phrases(
    r"(?:first|opening|opened|initial|initially|at first|to begin with|at the start|early on|started|"
    r"straight away|first go|first pass|first question|off the bat)"
)
AT_THE_END: Final = phrases(
    r"(?:by the end|at the end|in the end|near the end|towards the end|eventually|finally|at last|last "
    r"question|closing|later|later on|second go|second time|second try|came back to|once (?:he'd|she'd|"
    r"they'd))"
)

# Feelings about a person that name no behaviour.
NAMELESS: Final = phrases(
    r"(?:can't|cannot|couldn't|can not) (?:quite |really )?(?:put (?:my|a) finger on|say (?:what|why)|"
    r"explain|name it|place it|pin it down|describe)",
    r"(?:something|somehow|a thing|some thing)(?: \w+){0,3} (?:off|missing|odd|wrong|not right|there)",
    r"(?:didn't|did not|don't|doesn't|wasn't|not) (?:quite |really |entirely )?(?:click|sure|gel|feel it|"
    r"feeling it|grab me|do it for me|sold|convinced|excited|feel right|a fit|the one)",
    r"gut (?:feel|feeling|says)",
    "vibes?",
    "a feeling",
    "je ne sais quoi",
    r"on the fence",
    r"i (?:still )?don't know",
    r"not (?:quite )?(?:there|it)",
    "solid",
    "plus",
    "maybe",
    "meh",
    r"so-so",
    "fine",
    "okay",
    r"all right",
    r"a (?:strong|soft|weak|solid|lean|hesitant) (?:yes|no|maybe|hire)",
    r"thumbs (?:up|down)",
    "good energy",
    "nice(?: person| chat| chap| guy)?",
    "likeable",
    "i (?:liked?|love|loved) (?:him|her|them)",
    "easy to talk to",
    "pleasant",
    "great",
    "good",
    "strong",
    "impressive",
    "lovely",
    "brilliant",
    "excellent",
    "first class",
    "wow",
    "senior enough",
    "too junior",
    "too senior",
    "not for me",
)


def without_reactions(span: str) -> str:
    """The sentences of the span that say something of the candidate rather than of what the interviewer would do."""
    kept = [s for s in SENTENCE.split(span) if s.strip() and not REACTION.match(s)]
    return " ".join(kept) or span
