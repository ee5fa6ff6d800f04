"""From a transcript file to an interview that can be asked: parse, map, store first, index second."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.admission import newest_transcript
from agents.corrections import correct
from agents.workbench import Workbench
from alignment.errors import BadTranscript
from alignment.people import Consent, Interview
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
    return read_transcript(bytes_of(path), where=str(path))


def bytes_of(path: Path) -> bytes:
    """What a transcript file holds; BadTranscript where it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadTranscript("The file is larger than 200 MB", where=str(path), todo="A transcript of ten hours has about 1 MB.")
        return path.read_bytes()
    except OSError as e:
        raise BadTranscript(f"The file cannot be read: {e.strerror}", where=str(path), todo="Check its name and rights.") from e


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
    known = await newest_transcript(bench, interview)
    first = await _first_version(bench, interview, parsed, {**_given_before(known, parsed), **(given or {})})
    broken: tuple[str, ...] = ()
    if known and (known.source_digest != first.source_digest and correction):
        kept, broken = await correct(bench, organisation, interview, first, correction)
    else:
        kept = await bench.store.add_transcript(organisation, first, consent=consent)
        if known and kept.id != known.id:
            # The source of an older version: what was corrected since then stays.
            kept = known
        elif given and kept.speakers != first.speakers:
            mapped = kept.model_copy(update={"speakers": first.speakers})
            kept, broken = await correct(bench, organisation, interview, mapped, "labels mapped")
    held = await bench.index.held(organisation)
    if not held.get(kept.id):
        await bench.indexer.put(organisation, interview, kept)
    unmapped = tuple(s.label for s in kept.speakers if s.certainty is Certainty.UNMAPPED)
    return Ingested(transcript=kept, new=known is None or known.id != kept.id, unmapped=unmapped, broken=broken)


async def _first_version(bench: Workbench, interview: Interview, parsed: Parsed, given: Mapping[str, str]) -> Transcript:
    people = await bench.store.people_of(interview.organisation, interview.search)
    return Transcript(
        id=TranscriptId(derived_id("trn", interview.id, "1")),
        organisation=interview.organisation,
        interview=interview.id,
        source_format=parsed.format,
        source_digest=parsed.source_digest,
        speakers=map_speakers(parsed.labels, people, given),
        utterances=parsed.utterances,
    )


def _given_before(known: Transcript | None, parsed: Parsed) -> dict[str, str]:
    """Who people said that a label stands for, which holds until they say otherwise."""
    told = known.speakers if known else ()
    return {s.label: s.person for s in told if s.certainty is Certainty.GIVEN and s.person and s.label in parsed.labels}
