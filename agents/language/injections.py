"""Text that addresses an AI reader: it is reported, no claim is made of it, and it changes nothing else.

What matters is the address. "He used Claude to write the tests" tells of the candidate's work and is a claim like any other.
"""

import re
from typing import Final

from agents.language.phrases import SENTENCE, phrases, plain

_AI = r"(?:ai|a\.i\.|chatgpt|gpt|claude|copilot|gemini|llm|language model|virtual assistant)"
_ROLE = r"(?:notes?|note-?takers?|summary|summari[sz]er|assistants?|bot|tool|reader|system|transcript(?:ion)?)"
_DO = (
    r"(?:rate|mark|score|ignore|write|record|put|say|give|note down|make sure|leave|skip|add|recommend|"
    r"summari[sz]e|disregard|delete|set|list|treat|adopt|use|take|report|present|show|hide|omit|drop|remove|exclude|include|keep|count|"
    r"assume|conclude|describe|grade|raise|lower|prefer|favou?r|pass|approve|tell|credit|quote|let)"
)
_MACHINE = (
    r"(?:machine|computer|software|program(?:me)?|algorithm|engine|robot|bot|tool|thing|gadget|app|application|service|system|model|"
    r"assistant|summari[sz]er|note-?taker|transcriber|ai|a\.i\.|llm)s?"
)
_READS = (
    r"(?:read|compil|summari[sz]|process|transcrib|writ|scor|sort|collat|digest|pars|screen|generat|prepar|collect|mak|put|produc|draft|"
    r"handl|analy[sz]|typ|listen|tak|record|assembl|stitch|boil|merg|condens|com|go|look)(?:s|es|ing|e)?"
)
# The text that stands here: who reads it is spoken to, where "the tool that reads invoices" is spoken about.
_HERE = (
    r"(?:(?:this|these|my|our) (?:\w+ )?(?:notes?|feedback|comments?|words|remarks?|recording|transcript|conversation|call|interview|"
    r"debrief|panel)|(?:this|these)(?= ?[,:;.!?\u2013\u2014-]| (?:up|together|down|back|over|on|later|into|for|and)\b|$)|in here)"
)
_READER = (
    rf"(?:(?:(?:whatever|whichever|any|an?|the|this|that|your) )?(?:\w+ ){{0,2}}?{_MACHINE}(?: (?:that|which|who|is|'s"
    rf"|will|may|might|ends up))*"
    rf"|whatever(?:'s| is| ends up| will)?) {_READS}(?: \w+){{0,3}}? {_HERE}\b"
)
_JOIN = r"[\s,:;\u2013\u2014-]+"
# Where a sentence, or what is ordered in it, begins: "they ignore the script" tells of somebody.
_ORDERED = r"(?:(?<![\w,'’] )|(?<=please )|(?<=now )|(?<=and )|(?<=you to )|(?<=must ))"
_SESSION = r"(?:script|prompt|guardrails|safeguards|verification)"
_DECREE = (
    r"(?:mark|record|set|treat|count|accept|approve|consider|register) (?:(?:every|all|both|each|the|my|our|these|any) )+(?:\w+ )?"
    r"(?:criteri\w+|signatures?|must-?haves?|trade-?offs?|verdicts?|statements?|answers?|questions?)"
    r"(?: (?:as|to be))? (?:agreed|signed|accepted|approved|complete\w*|given|done|supported|met|waived|settled|answered|closed|final)\b"
)
# Only what stands between a name and a request made of it: anything else, and the reader is talked about rather than to.
_GAP = (
    rf"(?:{_JOIN}(?:{_ROLE}|reading this|listening|taking notes|then|you|should|must|please|kindly|just|now|also|and|do|"
    rf"(?:can|could|will) you|if you[^,.!?\n]{{0,25}})){{0,6}}{_JOIN}{_DO}\b"
)
# Where no word but a joining one stands directly before: the reader is called, not mentioned.
_ALONE = r"(?:(?<!\w )|(?<=\bbut )|(?<=\band )|(?<=\bso )|(?<=\balso )|(?<=\bnow )|(?<=\bplus ))"

_ADDRESS: Final = phrases(
    rf"(?:note|message|instruction|memo|ps) (?:to|for) (?:the |any |all )?(?:{_AI}|assistant|bot|note-?taker|summari[sz]er)\b[^.!?\n]*",
    rf"{_ALONE}(?:note|message|instruction|attention|memo|ps) (?:(?:to|for) (?:the |any |all )?(?:\w+ )?|(?:the |any |all )?)"
    rf"(?:{_AI}|assistant|bot|model|system|note-?taker|summari[sz]er|transcript(?:ion)?|software|algorithm|tool)\b[^.!?\n]*",
    rf"(?:{_ALONE}(?:(?:dear|hey|hi|hello|attention|attn|note|message|if) )?(?:to "
    rf"|for )?){_READER}[^.!?\n]{{0,40}}?(?:[:,\u2013\u2014]|{_JOIN}{_DO}\b)[^.!?\n]*",
    rf"{_ALONE}(?:dear |hey |hi |the |any |all )?{_AI}{_GAP}",
    rf"(?:for|to) (?:the |any |all |your )?{_AI}{_GAP}",
    rf"{_AI}\b[^.!?\n]{{0,40}}\bplease {_DO}\b",
    rf"(?:tell|ask|want|like|need) (?:the |any |your ){_AI} {_ROLE} to {_DO}\b",
    r"(?:ignore|disregard|forget|override) (?:all |any |the |your |my )*(?:previous|prior|above|earlier|"
    r"other|preceding|foregoing) (?:\w+ )?(?:instructions?|prompts?|rules?|feedback|comments?|messages?|"
    r"text|guidelines)",
    rf"{_ORDERED}(?:ignore|disregard|override|bypass|abandon) (?:all |any |the |this |your |every )*(?:\w+ )?{_SESSION}\b",
    rf"(?:{_ORDERED}|(?<=, )){_DECREE}",
    r"(?:dear|attention|hello|hi|hey),? (?:the |any |all )?(?:ai|a\.i\.|llm|gpt|chatgpt|language model|virtual assistant)(?: \w+)? ?[,:!]",
    r"(?:you are|you're|you have been|you've been) now (?:put |set |switched )?(?:in|into|to) (?:\w+ ){1,3}mode\b",
    r"(?:you are|you're|act as|pretend to be) (?:now )?(?:an? |the )?(?:ai|(?:ai|helpful|virtual) assistant|language model|chatbot)\b",
    r"(?:ignore|reveal|print|repeat|override|your|new) (?:\w+ )?system prompt",
    r"if (?:you are|you're|this is) (?:being )?(?:read by )?(?:an? |the )?(?:ai|a\.i\.|bot|llm|language model|"
    r"assistant|machine|automated)\b",
    r"if (?:there is |there's )?(?:an? |any )?(?:ai|a\.i\.|llm|language model)\b",
    r"if (?:there is|there's) (?:an? |any |some )?(?:\w+ )?(?:robot|bot|machine|computer|software|program(?:me)?|assistant)s?"
    rf" (?:(?:that|which|who)(?:'s| is| will)? )?(?:doing|{_READS})(?: \w+){{0,2}}? (?:the (?:typing|notes|writing"
    rf"|listening|summary|minutes)|{_HERE})",
    r"(?:hello|hi|hey|dear|greetings),? (?:the |mister |mr\.? |little )?(?:robot|bot|computer|machine|software|assistant|summari[sz]er)\b",
    r"(?:you are|you're) now (?:the|an?) (?:approver|signer|admin\w*|system|evaluator|grader|judge|referee|moderator)\b",
    rf"(?:{_ORDERED}|(?<=, ))mark (?:it|this|that|everything) (?:as )?(?:signed|agreed|approved|complete)\b",
    r"from now on,? (?:please )?(?:respond|answer|reply|output|speak)\b",
    r"you (?:must|should|will|may) (?:only |always |now )?(?:answer|respond|reply|output)(?: only)? (?:with|in|as)\b",
    r"forget (?:everything|all|anything|whatever) (?:that )?(?:you(?:'ve| have)? (?:were|been) told|before|above|i said before)",
    r"sign for (?:both|everyone|everybody)\b",
    r"(?:evaluators?|graders?|interviewers?|panel(?:lists?)?|reviewers?|scorers?|raters?|assessors?)"
    r" (?:must|should|shall|has to|have to|will)"
    r" (?:always |never |only |simply )*(?:grade|rate|score|mark|give|output|report|treat|answer)\b",
    r"always (?:output|return|reply|report|emit) (?:\W?\w+\W?)(?=\W*$| for| on| to)",
    r"(?:whoever|whatever|anything|any (?:software|machine|tool|model|system))(?! (?:he|she|they|you|i|we|it)\b)[^.!?\n]{0,30}(?:reads?|"
    r"summari[sz]es|processes|transcribes)[^.!?\n]{0,40}(?:should|must|please|mark|rate|score|put|give|"
    r"say)",
)
# Marks of a prompt, wherever they stand: a tag touches the words around it, and so does a banner.
_MARKS = (
    r"</?(?:system|assistant|user|instructions?)>|\[/?(?:system|inst|instructions?)\]|<\|\w+\|>"
    r"|<!--.*?(?:-->|$)"
    r"|(?:^|(?<=[.!?\n] )|(?<=\n))(?:system|assistant|developer)(?: override)? ?:"
    # Only from where a run of signs begins, and all of it: tried from each of them, a long one would take the square of its length.
    r"|(?:(?<!#)#{2,}+|(?<!=)={2,}+|(?<!-)-{3,}+|(?<!\*)\*{2,}+|(?<!<)<{2,}+|(?<!\[)\[{2,}+) ?(?:(?:begin|end|start|new|of|the) )*"
    r"(?:system|assistant|admin|developer|prompt|instructions?|override)\b(?= ?(?:[:#=*>\]|-]|prompt|message|override|$))"
)
INJECTION: Final = re.compile(f"{_ADDRESS.pattern}|{_MARKS}", re.IGNORECASE)
_ORDER = re.compile(rf"\W*(?:(?:and|then|also|but|please|now)\b\W*)*{_DO}\b", re.IGNORECASE)


LONG, OVERLAP = 8_000, 1_000
"""Characters that are read at once, and how many of them the next stretch reads again."""


def addressed(text: str) -> list[tuple[int, int]]:
    """Where the sentences stand that address an AI reader, as [start, end), with the requests that follow directly on them."""
    if len(text) <= LONG:
        return _addressed(text)
    # The patterns look far ahead, which in one endless text takes the square of its length: stretches that overlap are read instead.
    starts = range(0, len(text), LONG - OVERLAP)
    whole: list[tuple[int, int]] = []
    for a, b in sorted((at + a, at + b) for at in starts for a, b in _addressed(text[at : at + LONG])):
        if whole and a < whole[-1][1]:  # one sentence, of which each stretch has a part
            whole[-1] = (whole[-1][0], max(b, whole[-1][1]))
        else:
            whole.append((a, b))
    return whole


def _addressed(text: str) -> list[tuple[int, int]]:
    flat = plain(text)
    hits = [m.span() for m in INJECTION.finditer(flat)]
    found: list[tuple[int, int]] = []
    start, before = 0, False
    for end, after in [*(m.span() for m in SENTENCE.finditer(flat)), (len(flat), len(flat))]:
        before = any(a < end and start < b for a, b in hits) or (before and bool(_ORDER.match(flat[start:end])))
        if before:
            found.append((start, end))
        start = after
    return found


def is_addressed(text: str, start: int, end: int) -> bool:
    """Whether the characters [start, end) speak to an AI reader, or go on with a request to one."""
    piece = plain(text[start:end])
    if INJECTION.search(piece):
        return True
    return bool(_ORDER.match(piece)) and any(a <= start < b for a, b in addressed(text))
