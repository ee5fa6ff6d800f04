"""Whether a reply speaks against what stands before it: every signal of ours that says so, beside what is trivial, on pairs of utterances.

The pairs are from meetings and not from interviews; what each signal is for in the product stands in brackets beside its name.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.debrief_referee.probing import SHORT
from agents.feedback_shaper import crosscheck
from agents.feedback_shaper.judgements import MomentView
from agents.feedback_shaper.rules import cues, polarity, weighing
from agents.feedback_shaper.rules.kinds import kinds_of
from agents.intake_agent.clashes import contradicted
from agents.intake_agent.judgements import HeardKind, HearIn, Held, LineKind, Move, Turn
from agents.intake_agent.rules import assent, hearing, uptake
from agents.intake_agent.rules import cues as intake_cues
from agents.intake_agent.rules.exchanges import sentences_of
from agents.intake_agent.state import IntakeState, LineState
from agents.language.phrases import plain
from alignment.citation import Citation, Quote
from alignment.feedback import Polarity
from alignment.record import InterviewId, OrganisationId, TranscriptId
from alignment.transcript import Speaker, Transcript, Utterance
from retrieval.embedding import Embedder
from retrieval.exchanges import NON_ANSWER
from retrieval.verify import verify
from retrieval.wording import ProblemKind, unsupported_words
from retrieval.words import keys

VOICE: Final = "record"
NEGATION: Final = re.compile(r"\b(?:no|not)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    """Two utterances in a row; `kinds` and `dropped` are what the shaper's head and the intake's hearing make of the second."""

    meeting: str
    first: str
    reply: str
    against: bool
    kinds: Mapping[str, float]
    dropped: bool


async def pairs_of(rows: Sequence[Mapping[str, Any]], most: int, embedder: Embedder, seed: int) -> list[Pair]:
    """The pairs labelled NEG or POS, a seeded sample of at most so many (0: all), each reply with what head and hearing make of it."""
    clear = [r for r in rows if r["label"] in ("NEG", "POS")]
    chosen = random.Random(seed).sample(clear, most) if 0 < most < len(clear) else clear
    told = [(r, plain(r["first"]["text"].strip()), plain(r["reply"]["text"].strip())) for r in chosen]
    replies = list(dict.fromkeys(reply for _, _, reply in told))
    kinds = {t: kinds_of(t, v, embedder.name) for t, v in zip(replies, await embedder.embed(replies), strict=True)}
    return [
        Pair(r["meeting"], first, reply, r["label"] == "NEG", kinds[reply], await heard_as_no(first, reply)) for r, first, reply in told
    ]


async def heard_as_no(first: str, reply: str) -> bool:
    """Whether the live intake hears the manager's reply to what the recruiter proposed as a no."""
    line = Held(label="W1", kind=LineKind.MUST_HAVE, text=first)
    out = await hearing.hear(HearIn(move=Move.AGREE, about=("W1",), side="hiring_manager", message=reply, held=(line,)))
    return any(h.kind is HeardKind.DROP for h in out.heard)


def cited(texts: Sequence[str]) -> tuple[Citation, ...]:
    """These texts as verified citations of a record in which one voice says them in a row."""
    said = tuple(Utterance(index=i, speaker=VOICE, text=t) for i, t in enumerate(t for t in texts if keys(t)))
    record = Transcript(
        id=TranscriptId("trn"),
        organisation=OrganisationId("org"),
        interview=InterviewId("int"),
        source_format="eval",
        source_digest="",
        speakers=(Speaker(label=VOICE),),
        utterances=said,
    )
    return tuple(verify(Quote(interview=record.interview, text=u.text, speaker=VOICE, utterances=(u.index,)), record) for u in said)


def standing(texts: Sequence[str]) -> IntakeState:
    """An intake in which these texts stand as must-haves."""
    rows = [(f"W{n}", text) for n, text in enumerate(texts, 1)]
    kind = LineKind.MUST_HAVE.value
    return IntakeState(
        lines=[
            LineState(label=w, kind=kind, by="", status="stands", said=[{"turn": 0, "words": t}], seen=None, kept=False, reason="")
            for w, t in rows
        ]
    )


def added(text: str, citations: Sequence[Citation], *kinds: ProblemKind) -> bool:
    """Whether a text adds a thing of these kinds to what is cited."""
    return any(p.kind in kinds for p in unsupported_words(text, citations, None))


def assents(text: str) -> bool:
    """Whether the intake takes an answer for a yes."""
    return assent.assents(list(sentences_of((Turn(label="u0", side="hiring_manager", text=text),))))


def denial(p: Pair) -> bool:
    """Whether the shaper reads the reply as a denial."""
    return weighing.read(p.reply, polarity.polarity_of(p.reply), p.kinds).denial


def admitted(p: Pair) -> bool:
    """Whether the shaper reads the reply as owning that what stands before it was not so."""
    return weighing._admitted(p.first, MomentView(label="u1", speaker=VOICE, text=p.reply, asked=p.first))


AGAINST: Final[dict[str, Callable[[Pair], bool]]] = {
    "shaper: leans negative (polarity.polarity_of)": lambda p: polarity.polarity_of(p.reply) is Polarity.NEGATIVE,
    "shaper: leans the other way (crosscheck.leans_apart)": lambda p: crosscheck.leans_apart(p.first, polarity.polarity_of(p.reply)),
    "shaper: denial, cue and head (weighing.read)": denial,
    "shaper: cue DENIAL (weighing.read, polarity_of)": lambda p: bool(cues.DENIAL.search(p.reply)),
    "shaper: cue DUCKED (weighing.read, polarity_of)": lambda p: bool(cues.DUCKED.search(p.reply)),
    "shaper: cue SAID_NO (weighing._admitted)": lambda p: bool(cues.SAID_NO.match(p.reply)),
    "shaper: cue SELF_DENIAL (weighing._admitted)": lambda p: bool(cues.SELF_DENIAL.search(p.reply)),
    "shaper: admits it (weighing._admitted)": admitted,
    "exchanges: NON_ANSWER (substance_of)": lambda p: bool(NON_ANSWER.search(p.reply)),
    "referee: passes, briefly (probing._passed)": lambda p: bool(NON_ANSWER.search(p.reply)) and len(p.reply.split()) <= SHORT,
    "wording: denies more (unsupported_words)": lambda p: added(p.reply, cited([p.first]), ProblemKind.NEGATION),
    "intake: denies (hearing.denies)": lambda p: hearing.denies(p.reply),
    "intake: clash (clashes.contradicted)": lambda p: contradicted(standing([p.first]), p.reply) is not None,
    "intake: heard as a no to AGREE (hearing.hear)": lambda p: p.dropped,
    "intake: what no yes has (assent.refuses)": lambda p: assent.refuses(p.reply),
    "intake: no yes (not assent.assents)": lambda p: not assents(p.reply),
    "intake: no at the start (uptake.REFUSES)": lambda p: bool(uptake.REFUSES.match(p.reply)),
    "intake: no yes at the start (not uptake.CONFIRMS)": lambda p: not uptake.CONFIRMS.match(p.reply),
    "intake: takes back (cues.RETRACTS)": lambda p: bool(intake_cues.RETRACTS.match(p.reply)),
    "intake: lets go (cues.DROPS)": lambda p: bool(intake_cues.DROPS.search(p.reply)),
}
TRIVIAL: Final[dict[str, Callable[[Pair], bool]]] = {
    "always NEG": lambda p: True,
    "always POS (the majority)": lambda p: False,
    "has no, not or n't": lambda p: bool(NEGATION.search(p.reply)),
    "begins with no": lambda p: keys(p.reply)[:1] == ("no",),
}
