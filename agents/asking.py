"""Questions to the record: the moments of one organisation that answer them, with names where they are known."""

from typing import Any

from agents.desk import interview_called, search_called
from agents.reading import reader
from agents.workbench import Workbench
from alignment.errors import NotFound
from alignment.people import Role
from alignment.record import OrganisationId
from alignment.transcript import Transcript
from retrieval.index import Scope
from retrieval.moments import Moment, find_moments


async def find(
    bench: Workbench, organisation: OrganisationId, question: str, *, search: str = "", interview: str = "", role: str = "", limit: int = 5
) -> list[dict[str, Any]]:
    """The moments that answer a question, best first, as plain values: place, speaker, words, times, and what stands around them."""
    if role and role not in set(Role):
        raise NotFound(f"There is no role {role}", todo=f"There are: {', '.join(Role)}.")
    if interview and not search:
        raise NotFound("An interview is named within a search", where=interview, todo="Name the search too.")
    if not question.strip():
        return []
    held = await search_called(bench, organisation, search) if search else None
    one = await interview_called(bench, held, interview) if held and interview else None
    scope = Scope(
        organisation=organisation, search=held.id if held else None, interviews=(one.id,) if one else (), roles=(role,) if role else ()
    )
    read = reader(bench, organisation)
    moments = await find_moments(question, scope, index=bench.index, embedder=bench.embedder, transcripts=read, limit=limit)
    return [await _told(bench, organisation, m, await read(m.interview)) for m in moments]


async def _told(bench: Workbench, organisation: OrganisationId, moment: Moment, transcript: Transcript) -> dict[str, Any]:
    held = await bench.store.interview(organisation, moment.interview)
    search = await bench.store.search(organisation, held.search)
    best = transcript.utterances[moment.best]
    around = [u for u in transcript.utterances[moment.first : moment.last + 1] if u.index != best.index]
    return {
        "search": search.slug,
        "interview": held.name,
        "candidate": held.candidate.name,
        "speaker": transcript.speaker(best.speaker).spoken,
        "label": best.speaker,
        "utterance": best.id,
        "first": best.index,
        "start_s": moment.start_s,
        "end_s": moment.end_s,
        "text": best.text[moment.start_char : moment.end_char],
        "before": [_line(u, transcript) for u in around if u.index < best.index],
        "after": [_line(u, transcript) for u in around if u.index > best.index],
        "score": round(moment.score, 4),
    }


def _line(utterance: Any, transcript: Transcript) -> dict[str, str]:
    return {"speaker": transcript.speaker(utterance.speaker).spoken, "text": utterance.text}
