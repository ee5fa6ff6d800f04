"""Moments of different candidates who spoke of something, from the whole corpus."""

from agents.corpus_questions.reach import Reach
from agents.corpus_questions.reading import CorpusAsk
from agents.debrief_referee.room.seeking import NEARS, share_of, wanted_of, words_in
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
from retrieval.question import Form
from retrieval.verify import verify

EACH = 6


async def shown(reach: Reach, ask: CorpusAsk, scope: CellScope, *, narrow: bool) -> list[CorpusRow]:
    """Up to as many moments as were asked for, each of another candidate, what is nearest first; fewer where fewer speak of it.

    `narrow` says that the scope is less than everything, so that the index is asked within its interviews alone.
    """
    interviews = tuple(sorted(await reach.values(scope, "interview"))) if narrow else ()
    if narrow and not interviews:
        return []
    found = await find_moments(
        ask.theme, Scope(reach.organisation, interviews=interviews, roles=(Role.CANDIDATE.value,)), index=reach.bench.index,
        embedder=reach.bench.embedder, transcripts=lambda i: reach.store.transcript(reach.organisation, i), limit=EACH * SHORTLIST,
        breadth=SHORTLIST, form=Form.CLAIM,
    )  # fmt: skip
    held = {id: await _record(reach, id) for id in dict.fromkeys(m.interview for m in found)}
    asked, *said = await reach.bench.embedder.embed([ask.theme, *(_words(m, held[m.interview][1]) for m in found)])
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


async def _record(reach: Reach, interview: InterviewId) -> tuple[Interview, Transcript]:
    return await reach.store.interview(reach.organisation, interview), await reach.store.transcript(reach.organisation, interview)


def _words(moment: Moment, transcript: Transcript) -> str:
    return transcript.utterances[moment.best].text[moment.start_char : moment.end_char]


def _cited(theme: str, moment: Moment, transcript: Transcript, meaning: float) -> Citation | None:
    """The verified words of a moment where they are about the theme, said by the one interviewed, to people."""
    utterance, words = transcript.utterances[moment.best], _words(moment, transcript)
    if utterance.speaker not in answering_labels(transcript) or addressed(words):
        return None
    around = " ".join(transcript.utterances[i].text for i in range(moment.first, moment.last + 1))
    if share_of(wanted_of(theme), words_in(around)) + 2 * meaning < NEARS:
        return None
    try:
        return verify(Quote(interview=moment.interview, text=words, speaker=utterance.speaker, utterances=(moment.best,)), transcript)
    except Unverified:
        return None
