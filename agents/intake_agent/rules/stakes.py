"""What each side answers for in a search, where it says so: who watches, what is counted, what follows if it goes wrong."""

from collections.abc import Collection, Sequence
from typing import Final

from agents.intake_agent.judgements import Line, LineKind, Turn
from agents.intake_agent.rules import cues, words
from agents.intake_agent.rules.exchanges import MANAGER, Exchange, Sentence, sentences_of
from agents.intake_agent.rules.telling import without_lead
from agents.language.phrases import phrases
from alignment.contract import SIGNING_SIDES

WATCHES: Final = phrases(
    r"(?:my |the |her |his |their )?(?:boss|bosses|board|director|directors|trustees|management|head office"
    r"|headquarters|chief \w+|ceo|cfo|coo|vp|partners?"
    r"|owners?|shareholders?|investors?|regulator|auditors?|inspectors?|insurers?|lenders?|ministry|council"
    r"|governors?|funders?|state|head of \w+)",
    r"(?:she|he|they|somebody|nobody) (?:looks?|look|counts?|checks?|asks? me|measures?|watch(?:es)?)",
)
"""Whom one answers to."""

COUNTED: Final = phrases(
    r"\d+(?:[.,]\d+)? ?(?:percent|per cent|%)|(?:\w+[- ])?(?:percent|per cent)|targets?|quotas?|bonus(?:es)?|budgets?"
    r"|kpis?|score(?:card)?s?|metrics?|figures?",
    r"(?:monthly|weekly|quarterly|yearly|annual) \w+|every (?:month|week|quarter|monday|friday|year)|(?:a|per|this"
    r"|next) quarter|(?:vacancy )?reports?"
    r"|audits?|reviews?|inspections?|penalt(?:y|ies)|fines?|funding|contracts? with|renewals?",
    r"(?:days|weeks|months) (?:open|empty|vacant)|how (?:many|long|fast|much)|financial year|year[- ]end"
    r"|(?:still there|stay(?:s|ing)?) after",
    r"(?:get|gets|got|am|is|are|be|being) (?:paid|measured|judged|scored|rated|ranked|graded|assessed)|on commission"
    r"|by name|(?:my|our) names?|exclusiv\w+",
)
"""What is counted of it."""

FOLLOWS: Final = phrases(
    r"(?:and )?if (?:we|i|it|that|there|this|they)(?:'re|'m|'s| is| are| am)? (?:\w+ ){0,3}?(?:miss|fail|lose|slip"
    r"|drop|late|under|short|over|go(?:es)? wrong"
    r"|don't|doesn't|isn't|can't|another|third|second)\w*",
    r"(?:we|i|they) (?:don't|won't|do not|will not) (?:get|see) (?:another|any|paid|a)|(?:it|that) (?:gets|will be"
    r"|goes) (?:published|cut|frozen|closed|sold)"
    r"|unless (?:somebody|someone|we|they|i)|they (?:freeze|close|cut|sell|take|put (?:me|us))",
    r"(?:i|we)(?:'m| am|'re| are) (?:the one|responsible|accountable|liable|finished|out of)|responsible for",
)
"""What follows if it goes wrong."""

DISCLOSES: Final = phrases(
    r"(?:my|our) (?:own )?(?:position|side|problem|worry|pressure|trouble|interest|stake|reason)|(?:where"
    r"|why) i come in|(?:what's|what is) in it for me",
    r"between (?:you and me|us)|(?:i'm|i am|i'll be|to be) (?:honest|frank|open|blunt|straight)(?: with you)?"
    r"|(?:out )?in the open|not going to lie|not gonna lie",
    r"i'll (?:say|tell you|give you) (?:mine|what|why|something)|for me (?:it's|it is|this is|that's)|mine(?:'s| is)"
    r"|(?:that's|this is) (?:why|what) i"
    r"|on (?:mine|my (?:side|end|budget|desk|head))|not on (?:yours|mine)",
)
"""Somebody says what is in it for them."""

ASKS: Final = phrases(
    r"(?:what|how) about (?:you|yours)|(?:what's|what is) (?:yours|in it for you|on your mind|the (?:rush|hurry"
    r"|pressure)|your (?:worry|side|pressure|interest))",
    r"why (?:is|was|are) (?:it|this|you) (?:so )?(?:urgent|important|pressing|late|keen)|what do you (?:need"
    r"|get) out of|and (?:you|yours)\?",
)
"""The other side asks for it."""

LEAST = 1.2
"""What a turn must weigh: a word for being measured, or two signs of it."""


def incentives(exchanges: Sequence[Exchange], turns: Sequence[Turn], settled: Collection[str]) -> list[Line]:
    """What each side answers for, at most one line a side; `settled` are the turns that criteria rest on."""
    by_turn: dict[int, list[Sentence]] = {}
    for s in sentences_of(turns):
        by_turn.setdefault(s.turn, []).append(s)
    asked = {s.turn for e in exchanges if e.asks is LineKind.INCENTIVE for s in e.by(MANAGER)}
    found = []
    for side in SIGNING_SIDES:
        held = {t: of for t, of in by_turn.items() if of[0].side == side}
        weights = {t: _weight(t, held, by_turn, asked) - 1.0 * (turns[t].label in settled) for t in held}
        best = max(weights, key=lambda t: weights[t], default=None)
        if best is not None and weights[best] >= LEAST:
            found.append(_line(held[best], turns, side))
    return found


def _weight(turn: int, held: dict[int, list[Sentence]], everything: dict[int, list[Sentence]], asked: Collection[int]) -> float:
    said = [s.plain for s in held[turn] if not s.plain.rstrip().endswith("?")]
    text = " ".join(said)
    before = " ".join(s.plain for s in everything.get(turn - 1, []))
    signs = sum(bool(p.search(text)) for p in (WATCHES, COUNTED, FOLLOWS)) * 0.6
    wanted = 0.6 * (turn in asked or bool(ASKS.search(before)) or bool(cues.ASKS_MEASURED.search(before)))
    measured = bool(cues.MEASURED.search(text))
    known = 1.2 * measured + 0.6 * bool(DISCLOSES.search(text))
    wished = not measured and bool(cues.DONE.search(text) or cues.GIVES_UP.search(text))
    own = 0.3 * bool(cues.STORY.search(text)) - 0.6 * (len(text.split()) < 4) - 0.6 * wished
    return signs + wanted + known + own if signs or known else 0.0


def _line(of: Sequence[Sentence], turns: Sequence[Turn], side: str) -> Line:
    """The sentence that says most of it, and the words around it."""
    signs = (cues.MEASURED, WATCHES, COUNTED, FOLLOWS, DISCLOSES)
    told = [s for s in of if cues.MEASURED.search(s.plain)]
    best = max(of, key=lambda s: (sum(bool(p.search(s.plain)) for p in signs), len(s.plain)))
    line = words.line_at(LineKind.INCENTIVE, told[0] if told else best, of, turns)
    if told:
        line = line.model_copy(update={"text": without_lead(turns[of[0].turn].text[told[0].start : told[-1].end])})
    return Line.model_validate({**line.model_dump(), "side": side})
