"""Moments of different candidates who spoke of something, from the whole corpus."""

from agents.corpus_questions.desk import Desk
from agents.corpus_questions.reading import CorpusAsk
from agents.language.injections import addressed
from alignment.citation import Citation, Quote
from alignment.corpus_answer import CorpusRow
from alignment.errors import Unverified
from alignment.people import Interview, Role
from alignment.record import InterviewId
from alignment.transcript import Transcript
from retrieval.exchanges import OWN_EPISODE, answering_labels
from retrieval.index import CellScope, Scope
from retrieval.moments import SHORTLIST, Moment, find_moments
from retrieval.question import Form, stems
from retrieval.verify import verify

NEAR = 0.95
"""The share of the theme's words that a moment holds, and twice its cosine: below that it is about something else (see the room's own)."""

EACH = 6


async def shown(desk: Desk, ask: CorpusAsk, scope: CellScope, *, narrow: bool) -> list[CorpusRow]:
    """Up to as many moments as were asked for, each of another candidate, what is nearest first; fewer where fewer speak of it.

    `narrow` says that the scope is less than everything, so that the index is asked within its interviews alone.
    """
    interviews = tuple(sorted(await desk.values(scope, "interview"))) if narrow else ()
    if narrow and not interviews:
        return []
    found = await find_moments(
        ask.theme, Scope(desk.organisation, interviews=interviews, roles=(Role.CANDIDATE.value,)), index=desk.bench.index,
        embedder=desk.bench.embedder, transcripts=lambda i: desk.store.transcript(desk.organisation, i), limit=EACH * SHORTLIST,
        breadth=SHORTLIST, form=Form.CLAIM,
    )  # fmt: skip
    held = {id: await _record(desk, id) for id in dict.fromkeys(m.interview for m in found)}
    asked, *said = await desk.bench.embedder.embed([ask.theme, *(_words(m, held[m.interview][1]) for m in found)])
    best: dict[str, tuple[bool, CorpusRow]] = {}
    for moment, vector in zip(found, said, strict=True):
        interview, transcript = held[moment.interview]
        who = interview.candidate
        known = best.get(who.id)
        if (known is None or not known[0]) and (citation := _cited(ask.theme, moment, transcript, float(asked @ vector))):
            told = bool(OWN_EPISODE.search(citation.text))
            if known is None or told:
                best[who.id] = (told, CorpusRow(group=who.name, of=1, search=interview.search, candidate=who.id, citations=(citation,)))
    # Who tells of something done stands before who speaks of it otherwise; each group stays in order of nearness.
    return [row for _, row in sorted(best.values(), key=lambda b: not b[0])][: ask.many]


async def _record(desk: Desk, interview: InterviewId) -> tuple[Interview, Transcript]:
    return await desk.store.interview(desk.organisation, interview), await desk.store.transcript(desk.organisation, interview)


def _words(moment: Moment, transcript: Transcript) -> str:
    return transcript.utterances[moment.best].text[moment.start_char : moment.end_char]


def _cited(theme: str, moment: Moment, transcript: Transcript, meaning: float) -> Citation | None:
    """The verified words of a moment where they are about the theme, said by the one interviewed, to people."""
    utterance, words = transcript.utterances[moment.best], _words(moment, transcript)
    if utterance.speaker not in answering_labels(transcript) or addressed(words):
        return None
    around = " ".join(transcript.utterances[i].text for i in range(moment.first, moment.last + 1))
    wanted = stems(theme) or frozenset(theme.casefold().split())
    shared = len(wanted & (stems(around) | frozenset(around.casefold().split()))) / len(wanted) if wanted else 0.0
    if shared + 2 * meaning < NEAR:
        return None
    try:
        return verify(Quote(interview=moment.interview, text=words, speaker=utterance.speaker, utterances=(moment.best,)), transcript)
    except Unverified:
        return None
