"""From a transcript file to an interview that can be asked: parse, map, store first, index second."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.corrections import correct
from agents.workbench import Workbench
from alignment.errors import BadTranscript, ConsentMissing, NotFound
from alignment.people import Consent, ConsentPolicy, Interview, Search
from alignment.record import OrganisationId, TranscriptId, derived_id
from alignment.transcript import Certainty, Transcript
from corpus.importers import Parsed, read_transcript
from corpus.speakers import map_speakers

MAX_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Ingested:
    """What an import came to: the transcript on record, whether that version is new, and the labels that nobody could map.

    `broken` are statements that a corrected transcript no longer bears out, each with why; they stand as open questions now.
    """

    transcript: Transcript
    new: bool
    unmapped: tuple[str, ...]
    broken: tuple[str, ...] = ()


def read_file(path: Path) -> Parsed:
    """The transcript in a file; BadTranscript names file, line and what was expected."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadTranscript("The file is larger than 200 MB", where=str(path), todo="A transcript of ten hours has about 1 MB.")
        data = path.read_bytes()
    except OSError as e:
        raise BadTranscript(f"The file cannot be read: {e.strerror}", where=str(path), todo="Check its name and rights.") from e
    return read_transcript(data, where=str(path))


async def ingest(
    bench: Workbench,
    organisation: OrganisationId,
    interview: Interview,
    parsed: Parsed,
    *,
    given: Mapping[str, str] | None = None,
    consent: Consent | None = None,
    correction: str = "",
) -> Ingested:
    """Store the transcript of an interview and index it; the same content again changes nothing.

    A newly given mapping of labels, or other content with the reason of its `correction`, makes the next version, under which every
    statement that rests on the interview is verified anew. Other content without a reason is a Conflict.
    """
    people = await bench.store.people_of(organisation, interview.search)
    speakers = map_speakers(parsed.labels, people, given)
    first = Transcript(
        id=TranscriptId(derived_id("trn", interview.id, "1")),
        organisation=organisation,
        interview=interview.id,
        source_format=parsed.format,
        source_digest=parsed.source_digest,
        speakers=speakers,
        utterances=parsed.utterances,
    )
    known = await _on_record(bench, organisation, interview)
    broken: tuple[str, ...] = ()
    if known and (known.source_digest != first.source_digest and correction):
        kept, broken = await correct(bench, organisation, interview, first, correction)
    else:
        kept = await bench.store.add_transcript(organisation, first, consent=consent)
        if given and kept.speakers != speakers:
            kept, broken = await correct(bench, organisation, interview, kept.model_copy(update={"speakers": speakers}), "labels mapped")
    held = await bench.index.held(organisation)
    if not held.get(kept.id):
        await bench.indexer.put(organisation, interview, kept)
    unmapped = tuple(s.label for s in kept.speakers if s.certainty is Certainty.UNMAPPED)
    return Ingested(transcript=kept, new=known is None or known.id != kept.id, unmapped=unmapped, broken=broken)


async def require_consent(bench: Workbench, search: Search, name: str, stated: bool) -> None:
    """Refuse an interview before anything of it is on record, where no consent is: ConsentMissing."""
    organisation = await bench.store.organisation(search.organisation)
    if stated or organisation.consent_policy is ConsentPolicy.RECORDED_ELSEWHERE:
        return
    held = [i for i in await bench.store.interviews(search.organisation, search.id) if i.name == name]
    if not any(i.consent for i in held):
        raise ConsentMissing(
            "No consent of the candidate is on record",
            where=f"interview {name}",
            todo="State it with --consent: `recorded-elsewhere`, or the basis on which the candidate agreed.",
        )


async def _on_record(bench: Workbench, organisation: OrganisationId, interview: Interview) -> Transcript | None:
    try:
        return await bench.store.transcript(organisation, interview.id)
    except NotFound:
        return None
