"""Transcripts at hand: the newest version of an interview's, kept once read, because loading one takes as long as finding the moment."""

from agents.workbench import Workbench
from alignment.record import InterviewId, OrganisationId
from alignment.transcript import Transcript
from retrieval.moments import Transcripts

KEPT = 64


def reader(bench: Workbench, organisation: OrganisationId) -> Transcripts:
    """Gives the newest transcript of an interview of the organisation; which version that is, is asked of the store each time."""

    async def read(interview: InterviewId) -> Transcript:
        newest = await bench.store.newest_transcript(organisation, interview)
        key = (organisation, newest)
        if key not in bench.transcripts:
            bench.transcripts[key] = await bench.store.transcript_by_id(organisation, newest)
        bench.transcripts.move_to_end(key)
        while len(bench.transcripts) > KEPT:
            bench.transcripts.popitem(last=False)
        return bench.transcripts[key]

    return read
