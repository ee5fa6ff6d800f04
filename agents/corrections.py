"""A corrected transcript is its next version, and every statement that rests on the interview is verified against it anew."""

from collections.abc import Iterable

from agents.workbench import Workbench
from alignment.citation import Citation
from alignment.errors import Unverified
from alignment.feedback import OpenQuestion, ShapedStatement, Shaping, Verdict
from alignment.people import Interview
from alignment.record import OrganisationId, QuestionId, TranscriptId, derived_id
from alignment.transcript import Transcript
from retrieval.verify import reverify


async def correct(
    bench: Workbench, organisation: OrganisationId, interview: Interview, wanted: Transcript, reason: str
) -> tuple[Transcript, tuple[str, ...]]:
    """The next version, with the speakers and words of `wanted`, in the store and the index; and the statements that no longer hold."""
    newest = await bench.store.transcript(organisation, interview.id)
    version = newest.version + 1
    id = TranscriptId(derived_id("trn", interview.id, str(version)))
    corrected = wanted.model_copy(update={"id": id, "version": version, "reason": reason})
    kept = await bench.store.correct_transcript(organisation, interview.id, corrected)
    await bench.indexer.put(organisation, interview, kept)
    return kept, await verify_anew(bench, organisation, kept)


async def verify_anew(bench: Workbench, organisation: OrganisationId, transcript: Transcript) -> tuple[str, ...]:
    """Verify the interview's statements against this version; those that fail become open questions, each told with why."""
    told: list[str] = []
    for feedback in await bench.store.feedback_of(organisation, interview=transcript.interview):
        shapings = await bench.store.shapings(organisation, feedback.id)
        if not shapings:
            continue
        last = shapings[-1]
        kept: list[ShapedStatement] = []
        asked: list[OpenQuestion] = []
        for statement in last.statements:
            try:
                citations = tuple(reverify(c, transcript) for c in statement.citations)
            except Unverified as e:
                told.append(f"{feedback.name or feedback.id}: {e}")
                asked.append(_question(statement, feedback.raw))
            else:
                kept.append(statement.model_copy(update={"citations": citations}))
        await bench.store.save_shaping(organisation, _again(last, transcript, kept, asked))
    return tuple(told)


def _again(last: Shaping, transcript: Transcript, kept: list[ShapedStatement], asked: list[OpenQuestion]) -> Shaping:
    questions = [q.model_copy(update={"moments": tuple(_held(q.moments, transcript))}) for q in last.questions]
    return last.model_copy(
        update={
            "thread": f"correction:{transcript.id}:{last.feedback}",
            "turn": transcript.version,
            "statements": tuple(kept),
            "questions": (*questions, *asked),
            "injections": tuple(i for i in last.injections if i.moment is None or _held([i.moment], transcript)),
        }
    )


def _held(moments: Iterable[Citation], transcript: Transcript) -> list[Citation]:
    held: list[Citation] = []
    for moment in moments:
        try:
            held.append(reverify(moment, transcript))
        except Unverified:
            continue
    return held


def _question(statement: ShapedStatement, raw: str) -> OpenQuestion:
    return OpenQuestion(
        id=QuestionId(derived_id("qst", statement.id)),
        claim=statement.claim,
        feedback=statement.feedback,
        interview=statement.interview,
        contract_version=statement.contract_version,
        criterion=statement.criterion,
        verdict=Verdict.NO_EVIDENCE,
        text=f"You wrote “{raw}”. The transcript was corrected and no longer holds what your statement quotes. Which moment do you mean?",
        judged=statement.judged,
    )
