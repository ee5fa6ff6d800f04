"""Exchanges: what was asked and what came back, read off the order of speakers in one transcript."""

import re
from dataclasses import dataclass
from math import log1p

from alignment.people import Role
from alignment.transcript import Certainty, Transcript, Utterance

ASKING = re.compile(
    r"\?|\b(?:tell (?:me|us)|walk (?:me|us)|talk (?:me|us)|give (?:me|us)|show (?:me|us)|take (?:me|us)|"
    r"describe|explain|say more|go on|i'd (?:like|love) (?:to hear|you to)|"
    r"i want (?:you to|to (?:hear|know|ask))|let's (?:talk|go|say|suppose)|suppose|imagine|i'm (?:curious|"
    r"interested|wondering))\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byou(?:r|'\w+)?\b", re.IGNORECASE)
_PAST = (
    "said|told|went|came|took|gave|got|had|made|did|was|were|knew|saw|thought|found|put|kept|left|rang|"
    "wrote|ran|sat|stood|held|brought|built|cut|set|led|lost|met|paid|read|sent|sold|spoke|spent|taught|"
    "understood|"
    r"wore|won|drew|fell|felt|grew|heard|let|began|became|broke|bought|caught|chose|drove|fought|forgot|"
    r"hid|meant|shut|slept|stopped|swore|threw|woke|\w{2,}ed"
)
EPISODE = re.compile(
    rf"\b(?:i|we|he|she|they|it|who)(?:'d)? (?:\w+ly |just |never |actually |then |also |only )?(?:{_PAST})\b", re.IGNORECASE
)
OWN_EPISODE = re.compile(rf"\bi(?:'d)? (?:\w+ly |just |never |actually |then |also |only )?(?:{_PAST})\b", re.IGNORECASE)
SPECIFIC = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|"
    r"january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
GENERIC = re.compile(
    r"\b(?:always|usually|normally|generally|typically|tend to|obviously|basically|absolutely|you "
    r"(?:always|should|need to|have to|want to|just)|i (?:would|always|tend|believe|think it's important|"
    r"feel strongly)|i'd (?:say|probably|just|try|always|want|look|"
    r"have to|leave|do|make|go|ask|be|get|use|put|call|talk|check|sit)|we'd (?:probably|just|always)|"
    r"people (?:should|need)|it's (?:important|about|all about|key|constant|standard)|the key is|"
    r"passionate|best practice|in general|it depends|shouldn't)\b",
    re.IGNORECASE,
)
NON_ANSWER = re.compile(
    r"\b(?:nothing (?:big |really )?(?:comes to mind|springs to mind|specific|in particular|worth)|"
    r"(?:can't|cannot|couldn't|can not) (?:really |honestly )?(?:think of|remember|recall|give you|say|"
    r"tell you|name|point to)|"
    r"(?:don't|do not|didn't) (?:really |honestly |actually )?(?:know|remember|recall|have (?:one|an "
    r"example|a specific))|not (?:really|that i|off the top|sure i)|no idea|hard to say|i'd have to "
    r"(?:think|look|check)|haven't (?:really )?(?:thought|had|done)|"
    r"never (?:really )?(?:thought|had to|came up|come up)|(?:come|get) back to (?:that|it|you)|i'm not "
    r"good at|pass on that|good question)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Exchange:
    """One question and its reply: utterance indexes, `asked` of whoever asks and `reply` of whoever answers, each in order."""

    asked: tuple[int, ...]
    reply: tuple[int, ...]


@dataclass(frozen=True)
class Substance:
    """What a reply is made of, per 20 words: told episodes, specifics, generalities; and set phrases of not answering."""

    words: int
    episodes: float
    specifics: float
    generalities: float
    refusals: int

    @property
    def score(self) -> float:
        """Higher where somebody tells what happened, lower where they generalise or pass; roughly -3 to 3."""
        pace = self.episodes + 0.4 * self.specifics - 0.8 * self.generalities
        return max(-3.0, min(3.0, pace + 0.35 * log1p(self.words) - 1.6 - 0.7 * self.refusals))


def substance_of(text: str) -> Substance:
    """How much a reply tells, counted from closed classes of words."""
    flat = text.replace("\u2019", "'")
    words = max(1, len(flat.split()))
    per = 20 / max(words, 12)
    return Substance(
        words=words,
        episodes=(len(EPISODE.findall(flat)) + len(OWN_EPISODE.findall(flat))) / 2 * per,
        specifics=len(SPECIFIC.findall(flat)) * per,
        generalities=len(GENERIC.findall(flat)) * per,
        refusals=len(NON_ANSWER.findall(flat)),
    )


def answering_labels(transcript: Transcript) -> frozenset[str]:
    """The labels of whoever is being interviewed: the mapped candidate, else the unmapped label that tells most and asks least.

    The second is a guess for ranking only; a citation never names anybody on the strength of it.
    """
    mapped = {s.label for s in transcript.speakers if s.role is Role.CANDIDATE}
    if mapped:
        return frozenset(mapped)
    told = {s.label: 0.0 for s in transcript.speakers if s.certainty is Certainty.UNMAPPED}
    for u in transcript.utterances:
        if u.speaker in told:
            told[u.speaker] += len(OWN_EPISODE.findall(u.text)) - len(_YOU.findall(u.text)) / 2 - len(ASKING.findall(u.text))
    return frozenset({max(told, key=lambda label: told[label])}) if told else frozenset()


def exchanges_of(transcript: Transcript) -> list[Exchange]:
    """The interview as questions and replies, in order; a short interjection inside a reply does not end it."""
    answering = answering_labels(transcript)
    found: list[Exchange] = []
    asked: list[int] = []
    reply: list[int] = []
    for u in transcript.utterances:
        if u.speaker in answering:
            reply.append(u.index)
            continue
        if reply and not is_interjection(u):
            found.append(Exchange(tuple(asked), tuple(reply)))
            asked, reply = [], []
        asked.append(u.index)
    if reply:
        found.append(Exchange(tuple(asked), tuple(reply)))
    return found


def is_interjection(utterance: Utterance) -> bool:
    """Whether it is a few words that ask nothing: "right", "okay, yes", "mhm"."""
    return len(utterance.text.split()) <= 4 and not ASKING.search(utterance.text)
