"""Finding the moment: a question or a claim to the utterances that bear on it, always within one organisation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from alignment.record import InterviewId
from alignment.settings import PassageSettings
from alignment.transcript import Speaker, Transcript, Utterance
from retrieval.embedding import Embedder
from retrieval.index import Entry, Gathered, Index, Level, Scope, Vector
from retrieval.passages import Passage, line, passages
from retrieval.question import Form, Question, read_question, stems
from retrieval.ranking import FEATURES, Sheet, sheet
from retrieval.stretches import stretches_of

Transcripts = Callable[[InterviewId], Awaitable[Transcript]]
"""Gives the newest transcript of an interview, as the store does for one organisation."""

DEEP = 150
"""How far each of the four rankings is read where a scope holds many interviews."""
EVERYTHING = 10_000
"""More points than one interview has at either level, so that all of them are weighed."""
SHORTLIST = 12
BREADTH = 6
RANK_OFFSET = 5
"""Small, so that an interview's first hits bring it onto the shortlist and a long one's many faint hits do not."""
NEIGHBOURS = 1
PASSAGE_GAP = 2
AHEAD = 4
"""How many utterances are considered for each passage wanted, so that those which follow on one another are found to do so."""


@dataclass(frozen=True)
class Moment:
    """Utterances of one interview that bear on a question.

    `best` is the utterance that bears on it most, `utterances` all that do (best first; a claim gets one). `first` to `last` is what to
    show: those and their neighbours. [`start_char`, `end_char`) is the stretch of the best utterance to cite, `start_s` and `end_s` its
    times in seconds (None where untimed). `score` orders the moments of one question and means nothing beyond it.
    """

    interview: InterviewId
    best: int
    utterances: tuple[int, ...]
    first: int
    last: int
    start_char: int
    end_char: int
    start_s: float | None
    end_s: float | None
    score: float


@dataclass(frozen=True)
class Ranked:
    """One utterance with its score and the value of every feature in `retrieval.ranking.FEATURES`."""

    interview: InterviewId
    utterance: int
    score: float
    signals: dict[str, float]


async def find_moments(
    question: str,
    scope: Scope,
    *,
    index: Index,
    embedder: Embedder,
    transcripts: Transcripts,
    limit: int = 5,
    breadth: int = BREADTH,
    form: Form | None = None,
) -> list[Moment]:
    """Up to `limit` moments of the scope, best first, out of `breadth` interviews at most (and never more than 12).

    `form` overrides what the sentence's own form says: a claim gets single utterances, a question runs of them.
    """
    asked = read_question(question, form)
    laid, read = await weigh(asked, scope, index=index, embedder=embedder, transcripts=transcripts, breadth=breadth)
    order, scores = laid.order(asked.form), laid.scores(asked.form)
    groups = [[r] for r in order[:limit]] if asked.form is Form.CLAIM else _joined(laid, order, limit)
    return [_moment(asked, read[laid.interviews[laid.of[g[0]]]], laid.utterances[g].tolist(), float(scores[g[0]])) for g in groups]


async def rank_utterances(
    question: str,
    scope: Scope,
    *,
    index: Index,
    embedder: Embedder,
    transcripts: Transcripts,
    form: Form | None = None,
) -> list[Ranked]:
    """Every utterance of the scope (of its most promising ones, where it holds many interviews), best first, with what speaks for it."""
    asked = read_question(question, form)
    laid, _ = await weigh(asked, scope, index=index, embedder=embedder, transcripts=transcripts)
    scores = laid.scores(asked.form)
    return [
        Ranked(
            interview=InterviewId(laid.interviews[laid.of[r]]),
            utterance=int(laid.utterances[r]),
            score=float(scores[r]),
            signals=dict(zip(FEATURES, laid.features[r].tolist(), strict=True)),
        )
        for r in laid.order(asked.form)
    ]


async def entries_for(transcript: Transcript, *, search: str, candidate: str, embedder: Embedder, settings: PassageSettings) -> list[Entry]:
    """What is indexed of a transcript: every utterance that has words, and the passages over them."""
    said = [u for u in transcript.utterances if u.text.strip()]
    windows = passages(transcript, settings)
    # The name before the words helps to match by words, but would dilute the meaning of a short utterance.
    vectors = await embedder.embed([*(u.text for u in said), *(w.text for w in windows)])
    blank = Entry(
        level=Level.UTTERANCE, interview=transcript.interview, search=search, candidate=candidate, transcript=transcript.id,
        first=0, last=0, roles=(), people=(), start_s=None, end_s=None, words=0, text="", vector=np.zeros(0, np.float32),
    )  # fmt: skip
    speakers = {s.label: s for s in transcript.speakers}
    entries = [_of_utterance(blank, u, speakers[u.speaker], v) for u, v in zip(said, vectors, strict=False)]
    return entries + [_of_passage(blank, w, v) for w, v in zip(windows, vectors[len(said) :], strict=True)]


def _of_utterance(blank: Entry, utterance: Utterance, speaker: Speaker, vector: Vector) -> Entry:
    return replace(
        blank,
        first=utterance.index,
        last=utterance.index,
        roles=(speaker.role.value,) if speaker.role else (),
        people=(speaker.person,) if speaker.person else (),
        start_s=utterance.start_s,
        end_s=utterance.end_s,
        words=len(utterance.text.split()),
        text=line(speaker.spoken, utterance.text),
        vector=vector,
    )


def _of_passage(blank: Entry, passage: Passage, vector: Vector) -> Entry:
    return replace(
        blank,
        level=Level.PASSAGE,
        first=passage.first,
        last=passage.last,
        piece=passage.piece,
        roles=passage.roles,
        people=passage.people,
        start_s=passage.start_s,
        end_s=passage.end_s,
        words=len(passage.text.split()),
        text=passage.text,
        vector=vector,
    )


async def weigh(
    asked: Question, scope: Scope, *, index: Index, embedder: Embedder, transcripts: Transcripts, breadth: int = BREADTH
) -> tuple[Sheet, dict[str, Transcript]]:
    """The utterances of the scope that may answer, with their features, and the transcripts they are in.

    All utterances where the scope is one interview; otherwise the best of each ranking, in the most promising interviews.
    """
    vector = (await embedder.embed([asked.sought]))[0]
    if len(scope.interviews) == 1:
        laid = await _whole(asked, scope, index, vector)
    else:
        found = await index.gather(scope, asked.sought, vector, DEEP)
        laid = sheet(asked, found, _shortlist(found), DEEP)
    wanted = list(dict.fromkeys(laid.interviews[laid.of[r]] for r in laid.order(asked.form)))[:breadth]
    held = await asyncio.gather(*(transcripts(InterviewId(i)) for i in wanted))
    return laid.told_by(asked, held), {t.interview: t for t in held}


async def _whole(asked: Question, scope: Scope, index: Index, vector: Vector) -> Sheet:
    # What stands around an utterance counts whoever says it, so that roles, people and times narrow only afterwards.
    wide = Scope(scope.organisation, search=scope.search, candidate=scope.candidate, interviews=scope.interviews)
    found = await index.gather(wide, asked.sought, vector, EVERYTHING)
    laid = sheet(asked, found, scope.interviews, EVERYTHING)
    if scope == wide:
        return laid
    inside = await index.dense(scope, Level.UTTERANCE, vector, EVERYTHING)
    return laid.only({h.place[:2] for h in inside})


def _shortlist(found: Gathered) -> tuple[str, ...]:
    """The interviews that the four rankings put forward most, by the sum of their hits' reciprocal ranks."""
    worth: dict[str, float] = {}
    for ranking in (found.utterance_dense, found.utterance_sparse, found.passage_dense, found.passage_sparse):
        for rank, hit in enumerate(ranking):
            worth[hit.interview] = worth.get(hit.interview, 0.0) + 1.0 / (RANK_OFFSET + rank)
    return tuple(sorted(worth, key=lambda i: (-worth[i], i))[:SHORTLIST])


def _joined(laid: Sheet, order: Sequence[int], limit: int) -> list[list[int]]:
    """Rows that follow closely on one another as one moment each, in the order of their best."""
    groups: list[list[int]] = []
    for row in order[: limit * AHEAD]:
        near = next((g for g in groups if any(_adjoin(laid, row, other) for other in g)), None)
        if near is not None:
            near.append(row)
        else:
            groups.append([row])
    return groups[:limit]


def _adjoin(laid: Sheet, a: int, b: int) -> bool:
    return bool(laid.of[a] == laid.of[b] and abs(laid.utterances[a] - laid.utterances[b]) <= PASSAGE_GAP)


def _moment(asked: Question, transcript: Transcript, found: Sequence[int], score: float) -> Moment:
    best = transcript.utterances[found[0]]
    start, end = _stretch(asked, best)
    times = best.time_at(start, end)
    return Moment(
        interview=transcript.interview,
        best=best.index,
        utterances=tuple(found),
        first=max(0, min(found) - NEIGHBOURS),
        last=min(len(transcript.utterances) - 1, max(found) + NEIGHBOURS),
        start_char=start,
        end_char=end,
        start_s=times[0] if times else None,
        end_s=times[1] if times else None,
        score=score,
    )


def _stretch(asked: Question, utterance: Utterance) -> tuple[int, int]:
    """The part of a long utterance that shares most words with the question, the first of equals; a short one whole."""
    wanted = asked.stems
    best = max(stretches_of(utterance), key=lambda s: len(wanted & stems(s.text)))
    return best.start, best.end
