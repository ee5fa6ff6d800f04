"""Answers out of the transcripts: what was said, by whom, when, and which came first."""

import re
from collections.abc import Sequence

from agents.debrief_referee.places import citation_of
from agents.debrief_referee.room.asked import Asked, Kind, QuoteState, SentenceState, TurnState
from agents.debrief_referee.room.cast import READER
from agents.debrief_referee.room.context import RoomContext
from agents.debrief_referee.room.hearing import asks_for_reply, speaks, words_about
from agents.debrief_referee.room.seeking import HOLDS, NEARS, Sought, Spot, apart, likeness, seek
from agents.debrief_referee.room.sentences import citation_at, place, plainly, quote_of, resting, shown
from agents.language.injections import addressed
from alignment.citation import Citation
from alignment.record import InterviewId
from alignment.transcript import Certainty, clock
from retrieval.stretches import stretches_of

MOST = 3
_BY_A_READER = re.compile(rf"\b(?:{READER}|i|my|me|we|our|the interviewer)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:before or (?:\w+ )?after|after or (?:\w+ )?before|earlier or later|later or earlier|before|after|earlier than|later than)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^.*?\b(?:came|come|comes|was|is|happened|said) (?:\w+ )?(?:first|earlier|later|last)\b\W*", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)


async def moments(room: RoomContext, asked: Asked, last: TurnState | None) -> list[SentenceState]:
    """The moments that bear on the question, in the order in which they were said; else that none does, and what comes nearest."""
    about = asked.about or _told(room, asked, last)
    if last and asks_for_reply(asked.text) and not asked.about and (replies := _replies(room, asked, last)):
        return [shown(room.material, c) for c in replies]
    if not about:
        return _again(room, last) if last else [plainly("That names nothing to look for: say what it was about.")]
    spots = await _spots(room, asked, about, last)
    near, found = likeness(spots), [shown(room.material, c) for c in _in_order(room, _cited(room, spots))]
    if near >= HOLDS and found:
        return found
    where = ", in that interview" if asked.interviews else ""
    if near < NEARS or not found:
        return [plainly(f"The record does not hold that, as far as could be found{where}.")]
    return [plainly(f"The record may not hold that{where}: what comes nearest may be about something else."), *found]


async def _spots(room: RoomContext, asked: Asked, about: str, last: TurnState | None) -> list[Spot]:
    beside = tuple((c.interview, n) for c in _shown_last(room, last) if (n := _exchange(room, c)) is not None)
    by = "" if asked.kind is Kind.SPEAKER else speaks(asked, room.cast)
    return await seek(room.material, Sought(about, f"{asked.text} {about}", beside, by), room.scope(asked.interviews), room.near)


def _exchange(room: RoomContext, c: Citation) -> int | None:
    return next((n for n, e in enumerate(room.material.exchanges[c.interview]) if c.first in (*e.asked, *e.reply)), None)


def _replies(room: RoomContext, asked: Asked, last: TurnState) -> list[Citation]:
    """What came back to the questions that were shown."""
    found = []
    for c in _shown_last(room, last):
        n = _exchange(room, c)
        exchange = room.material.exchanges[c.interview][n] if n is not None else None
        if exchange is None or c.first not in exchange.asked or (asked.interviews and c.interview not in asked.interviews):
            continue
        utterances = [room.material.transcripts[c.interview].utterances[i] for i in exchange.reply]
        stretch = next((s for u in utterances for s in stretches_of(u) if not addressed(s.text)), None)
        if stretch and (
            told := citation_of(room.material.transcripts[c.interview], stretch.text, utterances[0].speaker, stretch.utterance)
        ):
            found.append(told)
    return found[:MOST]


def _told(room: RoomContext, asked: Asked, last: TurnState | None) -> str:
    """The words of the line that is named, or of the one spoken of before where "it" now stands for it elsewhere."""
    shown_moments = last is not None and last["kind"] == Kind.MOMENTS and not asked.interviews
    line = asked.criterion or (None if shown_moments else asked.carried)
    return room.material.criterion(line).text if line else ""


def _cited(room: RoomContext, spots: Sequence[Spot]) -> list[Citation]:
    return [c for s in apart(spots, MOST) if (c := citation_at(room.material, s))]


def _in_order(room: RoomContext, citations: Sequence[Citation]) -> list[Citation]:
    order = room.cast.order
    return sorted(citations, key=lambda c: (order.index(c.interview), c.first, c.start_char))


def _again(room: RoomContext, last: TurnState) -> list[SentenceState]:
    return [shown(room.material, c) for c in _shown_last(room, last)] or [plainly("Nothing was shown that this could mean.")]


def _shown_last(room: RoomContext, last: TurnState | None) -> list[Citation]:
    """The moments of the answer before, verified again."""
    quotes: list[QuoteState] = [q for s in last["sentences"] for q in s["quotes"]] if last else []
    found = []
    for q in quotes:
        transcript = room.material.transcripts.get(InterviewId(q["interview"]))
        if transcript and (c := citation_of(transcript, q["text"], q["speaker"], q["utterance"])):
            found.append(c)
    return list(dict.fromkeys(found))


async def _meant(room: RoomContext, asked: Asked, last: TurnState | None) -> list[Citation]:
    """The moments that a question points back to, or those that its own words lead to."""
    if asked.about and not asked.points_back:
        spots = await _spots(room, asked, asked.about, last)
        return _cited(room, spots) if likeness(spots) >= HOLDS else []
    return _shown_last(room, last)


async def speaker(room: RoomContext, asked: Asked, last: TurnState | None) -> list[SentenceState]:
    """Whose words they are, and how that is known."""
    if labels := _labels(room, asked):
        return labels
    found = await _meant(room, asked, last)
    if not found:
        return [plainly("The record does not hold those words.")]
    return [_whose(room, c) for c in found[:MOST]]


def _labels(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """Whom a label that is named stands for, in each interview that has it."""
    wanted = _plain(asked.text)
    told = []
    for interview in room.scope(asked.interviews):
        transcript = room.material.transcripts.get(interview)
        for s in transcript.speakers if transcript else ():
            if transcript and any(c.isdigit() for c in s.label) and re.search(rf"\b{re.escape(_plain(s.label))}\b", wanted):
                first = next((u for u in transcript.utterances if u.speaker == s.label and not addressed(u.text)), None)
                c = citation_of(transcript, stretches_of(first)[0].text, s.label, first.index) if first and first.text.strip() else None
                told += [_whose(room, c)] if c else []
    return told


def _plain(label: str) -> str:
    return " ".join(w.lstrip("0") or "0" for w in re.findall(r"[^\W_]+", label.casefold()))


_KNOWN = {Certainty.GIVEN: "as somebody mapped the label", Certainty.NAMED: "by the label's own name"}


def _whose(room: RoomContext, c: Citation) -> SentenceState:
    certainty = room.material.transcripts[c.interview].speaker(c.speaker).certainty
    role = f", the {c.role.replace('_', ' ')}," if c.role else ""
    known = f" ({_KNOWN[certainty]})" if certainty in _KNOWN else ", and nobody has said who that is"
    return resting(f"{c.spoken}{role} said it {place(room.material, c)}{known}: “{c.text}”", quotes=[quote_of(c)])


async def duration(room: RoomContext, asked: Asked, last: TurnState | None) -> list[SentenceState]:
    """When it was spoken of, from the question to the end of the reply."""
    found = await _meant(room, asked, last)
    if not found:
        return [plainly(f"The record does not hold that: nobody speaks of “{asked.about or 'it'}”.")]
    return [_span(room, c) for c in _in_order(room, found[:MOST])]


def _span(room: RoomContext, c: Citation) -> SentenceState:
    transcript = room.material.transcripts[c.interview]
    exchange = next((e for e in room.material.exchanges[c.interview] if c.first in (*e.asked, *e.reply)), None)
    inside = [transcript.utterances[i] for i in (*exchange.asked, *exchange.reply)] if exchange else [transcript.utterances[c.first]]
    start, end = inside[0].start_s, inside[-1].end_s
    if start is None or end is None:
        return resting(
            f"{place(room.material, c)[0].upper()}{place(room.material, c)[1:]}; that transcript has no times: “{c.text}”",
            quotes=[quote_of(c)],
        )
    long = int(end - start)
    spent = f"{long // 60} min {long % 60} s" if long >= 60 else f"{long} s"
    where = place(room.material, c).split(" at ")[0]
    return resting(
        f"{where[0].upper()}{where[1:]} from {clock(start)} to {clock(end)} ({spent}, question and reply): “{c.text}”", quotes=[quote_of(c)]
    )


async def order(room: RoomContext, asked: Asked, last: TurnState | None) -> list[SentenceState]:
    """Which of two moments came first: the one shown before, or the first that is named, against what the question sets it beside."""
    parts = _two(room.cast.named(asked.text).text)
    one_words, two_words = words_about(parts[0]), words_about(parts[1])
    shown_last = _shown_last(room, last)
    if not one_words and not two_words and len(shown_last) > 1:
        return [_compared(room, *shown_last[:2])]
    if not two_words and not shown_last:
        return [plainly("That names one moment alone: say what it should come before or after.")]
    points = bool(shown_last) and (not one_words or (asked.points_back and bool(two_words)) or not two_words)
    one = shown_last[:1] if points else await _one(room, parts[0], one_words, room.scope(asked.interviews))
    sought = (parts[1], two_words) if two_words else (parts[0], one_words)
    if not one:
        return [plainly("The record does not hold the first of the two, as far as could be found.")]
    two = await _one(room, *sought, asked.interviews or (one[0].interview,), but=one[0])
    if not two:
        return [
            plainly("The record does not hold what it should come before or after, as far as could be found."),
            shown(room.material, one[0]),
        ]
    return [_compared(room, one[0], two[0])]


def _two(text: str) -> list[str]:
    """What a question sets beside each other; the second part is empty where it names one thing alone."""
    split = _BEFORE.split(text, maxsplit=1)
    if len(split) == 1:
        split = _OR.split(_FIRST.sub("", text), maxsplit=1)
    return [*split, ""][:2]


async def _one(
    room: RoomContext, told: str, about: str, interviews: tuple[InterviewId, ...], but: Citation | None = None
) -> list[Citation]:
    """The moment that part of a question names: among the readers' words where a reader does it, else among the candidate's."""
    if not about:
        return []
    spots = await seek(room.material, Sought(about, told), interviews, room.near)
    spots = [s for s in spots if s.answers is not bool(_BY_A_READER.search(told))] or spots
    found = _cited(room, spots) if likeness(spots) >= NEARS else []
    return [c for c in found if but is None or (c.interview, c.first) != (but.interview, but.first)][:1]


def _compared(room: RoomContext, one: Citation, two: Citation) -> SentenceState:
    places = room.cast.order
    first, second = ((places.index(c.interview), c.first, c.start_char) for c in (one, two))
    word = "before" if first < second else "after"
    return resting(
        f"{word.capitalize()}: “{one.text}” ({one.spoken}, {place(room.material, one)}) comes {word} “{two.text}” "
        f"({two.spoken}, {place(room.material, two)}).",
        quotes=[quote_of(one), quote_of(two)],
    )
