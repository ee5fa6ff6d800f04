"""A corrected transcript is its next version, and every statement that rests on the interview is verified against it anew."""

from agents.standing import verify_anew
from agents.workbench import Workbench
from alignment.errors import Conflict
from alignment.people import Interview
from alignment.record import OrganisationId, TranscriptId, derived_id
from alignment.transcript import Transcript


async def correct(
    bench: Workbench, organisation: OrganisationId, interview: Interview, wanted: Transcript, reason: str, *, of: int | None = None
) -> tuple[Transcript, tuple[str, ...]]:
    """The next version, with the speakers and words of `wanted`, in the store and the index; and the statements that no longer hold.

    `of` is the version that `wanted` corrects: Conflict where another one has come meanwhile, which it would undo. The index comes last:
    until it has the new version, the next start knows that something is left to do.
    """
    newest = await bench.store.transcript(organisation, interview.id)
    if of is not None and of != newest.version:
        todo = "Read it as it is now, and correct that."
        raise Conflict(f"The transcript was corrected meanwhile: it is at version {newest.version}", where=interview.name, todo=todo)
    version = newest.version + 1
    id = TranscriptId(derived_id("trn", interview.id, str(version)))
    corrected = wanted.model_copy(update={"id": id, "version": version, "reason": reason})
    kept = await bench.store.correct_transcript(organisation, interview.id, corrected)
    broken = await verify_anew(bench.store, organisation, kept)
    await bench.indexer.put(organisation, interview, kept)
    return kept, broken
