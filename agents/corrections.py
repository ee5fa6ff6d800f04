"""A corrected transcript is its next version, and every statement that rests on the interview is verified against it anew."""

from agents.standing import verify_anew
from agents.workbench import Workbench
from alignment.people import Interview
from alignment.record import OrganisationId, TranscriptId, derived_id
from alignment.transcript import Transcript


async def correct(
    bench: Workbench, organisation: OrganisationId, interview: Interview, wanted: Transcript, reason: str
) -> tuple[Transcript, tuple[str, ...]]:
    """The next version, with the speakers and words of `wanted`, in the store and the index; and the statements that no longer hold.

    The index comes last: until it has the new version, the next start knows that something is left to do.
    """
    newest = await bench.store.transcript(organisation, interview.id)
    version = newest.version + 1
    id = TranscriptId(derived_id("trn", interview.id, str(version)))
    corrected = wanted.model_copy(update={"id": id, "version": version, "reason": reason})
    kept = await bench.store.correct_transcript(organisation, interview.id, corrected)
    broken = await verify_anew(bench.store, organisation, kept)
    await bench.indexer.put(organisation, interview, kept)
    return kept, broken
