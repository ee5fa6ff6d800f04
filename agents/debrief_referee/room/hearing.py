"""Reading a question against the conversation: what it asks for, about what, and what its pronouns stand for."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from agents.debrief_referee.room import cues
from agents.debrief_referee.room.asked import Asked, Kind, TurnState
from agents.debrief_referee.room.cast import CANDIDATE, READER, Cast, Named
from agents.language.empty_words import EMPTY
from agents.language.function_words import FUNCTION
from agents.language.injections import addressed
from agents.language.phrases import phrases
from alignment.contract import CriterionId
from alignment.record import InterviewId, PersonId
from retrieval.question import Form, read_question

_TAGS = re.compile(rf"\b(?:{READER}|{CANDIDATE})(?:'s)?\b")
_REFERRING = phrases(
    r"(?:the )?(?:first|1st|second|2nd|third|3rd|fourth|last|final|other|next|previous) (?:interviews?|rounds?|conversations?|sessions?"
    r"|chats?|calls?|meetings?|stages?|one)",
    r"(?:(?:the |number )?[mtd][ -]?#?[1-3]|deal[- ]?breakers?|must[- ]haves?|trade[- ]offs?)",
    r"(?:interviews?|transcripts?|record|candidate|panel|exactly|actually|really|ever|even|again|also|anyone|anybody|somebody|someone|words"
    r"|own words?|verbatim|quotes?|quoted|minutes?|please|else|stuff|thing|things|anything|something|bit|part"
    r"|literally|precisely|concretely)",
)
_FOLLOWS = re.compile(
    r"^\W*(?:and|but|so|ok(?:ay)?|what about|how about|also|same (?:for|with|on)|or)\b"
    r"|^\W*(?:(?:in|on|with|for|from|by) )?(?:the )?\S+(?: \S+)?\W*$",
    re.IGNORECASE,
)
_BACK = phrases(r"(?:that|this|it|those|these|them|there|then|the same|so)")
_READERS_WORDS = phrases(r"(?:he|she|they|his|her|their|them|those two|these two|both|the two)")
_ASKED_BY = phrases(
    rf"(?:{READER}|interviewers?|the panel|we|they) (?:\w+ )?(?:ask|asked|say|said|tell|told|mention|mentioned|explain|explained|suggest"
    rf"|suggested|talk|talked)\w*"
)
_CLAUSES = re.compile(r"[.?!;]+\s+|,\s+(?=(?:what|who|how|why|did|does|do|was|is|has|have|which|where|when)\b)", re.IGNORECASE)
_ASKS = re.compile(
    r"\W*(?:(?:and|so|but|then|ok|okay) )*(?:what|who|how|why|did|does|do|was|is|has|have|which|where|when)\b", re.IGNORECASE
)
_CHAT = phrases(
    r"(?:hi|hiya|hey|hello|thanks|thank you|pls|plz|please|quick(?: one| question)?|ok|okay|oh|um|er|lol|n|u|btw|sorry|right"
    r"|well|guys|sure(?:ly)?"
    r"|before the debrief|for a sec|real quick|just|though|then|still|either|also)"
)
_PACKET = phrases(
    r"(?:test(?:ed|s|ing)?|prob(?:e|ed|ing)|ask(?:ed|s|ing)?|cover(?:ed)?|check(?:ed)?|explor(?:e|ed)|g[ao]ve?|given?|gets?|got|puts?|down"
    r"|mark(?:ed|s)?|grad(?:e|ed|es|ing)|scor(?:e|ed|es|ing)|rat(?:e|ed|es|ing)|wrong|right|correct|differ\w*|apart|disagree\w*|agree\w*"
    r"|two|both|high(?:er)?|low(?:er)?|favou?rs?|wrote|writ\w+|feedback|claim\w*|others?|such|another|before|after|\d+|come|never|only|far"
    r"|so|dr|mr|mrs|ms|most|first|why|how|times|fully|properly|questions?|anyway|has|says?|said|one|side|reading|support\w*|evidence"
    r"|truth|true|fair|really|back(?:ed|s)? ?(?:up)?|borne?|out|hold(?:s)? up|based?|basing|from)"
)
_APART = phrases(r"conflict\w*|clash\w*|splits?|gaps?|contradict\w*|diverg\w*|at odds|mismatch\w*|opposite|disput\w*|between")
_OTHERS = phrases(
    r"(?:who|anyone|anybody|someone|somebody|nobody|no ?one) else|apart from|besides|other than|except|(?:the|any of the) others?"
    r"|or (?:just|only) me"
)
_REPLY = phrases(r"(?:answer(?:ed|s)?|response|respond(?:ed)?|repl(?:y|ied)|reaction|react(?:ed)?|come ?back)")
_WHY = phrases(r"why|how come|what made|where (?:does|did|do)\b.*\bcome from")
_TIMES = phrases(
    r"how (?:long|much time|many minutes)|(?:at|in) (?:what|which) (?:minute|point|time)|what (?:minute|time ?stamp|time)"
    r"|(?:came|come|said|was|happened|spoken of) (?:\w+ )?(?:first|earlier|later|last)|long|which"
)
_FEW = 3
_LONG = 9
_ORDERED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.PEOPLE_DECIDE, cues.PEOPLE_DECIDE),
    (Kind.PEOPLE_DECIDE, cues.OVERRIDE),
    (Kind.ELSEWHERE, cues.ELSEWHERE),
    (Kind.CRITERION, cues.CRITERION),
    (Kind.ORDER, cues.ORDER),
    (Kind.MISSING, cues.MISSING),
    (Kind.CONFLICT, cues.CONFLICT),
    (Kind.GRADES, cues.GRADES),
    (Kind.FINDINGS, cues.FINDINGS["drift"]),
    (Kind.FINDINGS, cues.FINDINGS["over_indexing"]),
    (Kind.FINDINGS, cues.FINDINGS["unsupported"]),
    (Kind.FINDINGS, cues.FINDINGS["injections"]),
    (Kind.PROBING, cues.PROBING),
    (Kind.SPEAKER, cues.SPEAKER),
    (Kind.DURATION, cues.DURATION),
    (Kind.MOMENTS, cues.SAID),
    (Kind.CLAIMS, cues.CLAIMS),
    (Kind.OVERVIEW, cues.OVERVIEW),
)


def read(question: str, cast_: Cast, turns: Sequence[TurnState]) -> Asked:
    """The question as it is understood after those turns; whatever has no other form asks what was said."""
    last = turns[-1] if turns else None
    named = cast_.named(question, [InterviewId(i) for i in last["interviews"]] if last else ())
    about = words_about(named.text)
    kind = _why(named, _kind(named))
    if kind in _OF_THE_PACKET:
        about = words_about(_PACKET.sub(" ", _APART.sub(" ", named.text) if kind is Kind.CONFLICT else named.text))
    if kind in (Kind.DURATION, Kind.ORDER):
        about = words_about(_TIMES.sub(" ", named.text))
    follows = last is not None and _is_elliptic(named, about, kind)
    if kind is None:
        kind = Kind(last["kind"]) if last and follows and _goes_on(last, named, about) else Kind.MOMENTS
    back = last is not None and _points_back(named, about, kind)
    return Asked(
        kind=kind,
        text=question,
        about=_carried(about, last, named, follows or back),
        criterion=named.criterion,
        carried=_criterion(last) if not named.criterion else None,
        others=bool(_OTHERS.search(named.text)),
        people=named.readers or _readers(named, last, kind, follows),
        interviews=named.interviews,
        points_back=back,
        follows=follows,
    )


def _goes_on(last: TurnState, named: Named, about: str) -> bool:
    """Whether what is left out is the form of the question before; what was set aside stays so until something else is named."""
    if last["kind"] in (Kind.NOT_JOB_RELATED, Kind.ELSEWHERE):
        return not about and not named.candidate and not named.criterion
    return last["kind"] not in _ENDS


def _carried(about: str, last: TurnState | None, named: Named, follows: bool) -> str:
    """What it is about, with the words of the question before where it hangs on them."""
    if last is None or not follows or named.criterion or last["kind"] in (*_OF_THE_PACKET, *_NOT_LOOKED_UP):
        return about
    words = about.split()
    return about if len(words) > _FEW else " ".join(dict.fromkeys([*words, *last["about"].split()]))


def asks_for_reply(text: str) -> bool:
    """Whether a question wants what came back to what was shown."""
    return bool(_REPLY.search(text))


_OF_THE_PACKET = (Kind.GRADES, Kind.CONFLICT, Kind.PROBING, Kind.CLAIMS)
_NOT_LOOKED_UP = (Kind.PEOPLE_DECIDE, Kind.NOT_JOB_RELATED, Kind.ELSEWHERE)
_ENDS = (Kind.PEOPLE_DECIDE, Kind.ORDER, Kind.SPEAKER, Kind.DURATION)


def words_about(text: str) -> str:
    """The words of a question that say what about: without its frame, names, and ways of referring."""
    bare = _CHAT.sub(" ", _REPLY.sub(" ", _REFERRING.sub(" ", _TAGS.sub(" ", text))))
    sought = read_question(bare, Form.QUESTION).sought
    words = re.findall(r"[^\W_][\w'-]*", sought)
    kept = [w for w in words if w.casefold() not in FUNCTION and (len(w) > 1 or w.isdigit())]
    return " ".join(kept) if any(w.casefold() not in EMPTY for w in kept) else ""


def _kind(named: Named) -> Kind | None:
    """By the last clause that has a form of its own: "he has her on 2 for this, did he ask about it?" asks about asking."""
    if cues.ABOUT_A_LIFE.search(named.text):
        return Kind.NOT_JOB_RELATED
    if named.stranger:
        return Kind.ELSEWHERE
    if addressed(named.text):
        return Kind.PEOPLE_DECIDE
    # Where anything is asked outright, what is told beside it is no question.
    asked = [s for s in re.findall(r"[^?]*\?", named.text) if len(s.split()) > 1]
    clauses = [c for s in [re.split(r"[.!;]+\s+", a)[-1] for a in asked] or [named.text] for c in _CLAUSES.split(s) if len(c.split()) > 1]
    clauses = clauses or [named.text]
    for clause in reversed(clauses):
        if found := _form(clause):
            return found
        if _ASKS.match(clause):
            return Kind.MOMENTS if len(clauses) > 1 and clause is not clauses[0] else None
    return _form(named.text)


def _form(clause: str) -> Kind | None:
    panels = cues.TOPIC.sub(" ", clause)
    return next((kind for kind, cue in _ORDERED if cue.search(panels if kind is Kind.CONFLICT else clause)), None)


def _why(named: Named, kind: Kind | None) -> Kind | None:
    """A grade that is asked the reason of is a matter of two readers, or of what the one wrote; a line alone asks how it was tested."""
    if kind is Kind.GRADES and _WHY.search(named.text) and named.readers:
        return Kind.CONFLICT if len(named.readers) > 1 else Kind.CLAIMS
    return Kind.PROBING if kind is None and named.criterion and len(named.text.split()) > _FEW + 1 else kind


def _is_elliptic(named: Named, about: str, kind: Kind | None) -> bool:
    """Whether a question leaves out what it asks for, as "and on T1?" does."""
    return kind is None and bool(_FOLLOWS.search(named.text)) and (not about or len(named.text.split()) < _LONG)


def _points_back(named: Named, about: str, kind: Kind) -> bool:
    if kind in (Kind.ORDER, Kind.SPEAKER, Kind.DURATION):
        return not about or (bool(_BACK.search(named.text)) and kind is not Kind.DURATION)
    return not about and bool(_BACK.search(named.text)) and not named.criterion


def _criterion(last: TurnState | None) -> CriterionId | None:
    return cast(CriterionId, last["criterion"]) if last and last["criterion"] else None


def _readers(named: Named, last: TurnState | None, kind: Kind, follows: bool) -> tuple[PersonId, ...]:
    """Whom "he" and "those two" stand for among the readers; where the candidate can be meant, the candidate is."""
    if last is None or kind not in (Kind.GRADES, Kind.CLAIMS, Kind.CONFLICT, Kind.FINDINGS) or not last["people"]:
        return ()
    if not follows and not _READERS_WORDS.search(named.text):
        return ()
    return tuple(PersonId(p) for p in last["people"])


def speaks(asked: Asked, cast_: Cast) -> str:
    """Whose words are asked for: `readers` where somebody asks what an interviewer said, else `candidate`."""
    return "readers" if _ASKED_BY.search(cast_.named(asked.text).text) and asked.kind is Kind.MOMENTS else "candidate"


def found_kind(text: str) -> str:
    """Which kind of finding a question names."""
    found: Mapping[str, re.Pattern[str]] = cues.FINDINGS
    return next((kind for kind, cue in found.items() if cue.search(text)), "")
