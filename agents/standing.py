"""What stands when a transcript is corrected: statements that the new version bears out; the others become open questions."""

from collections.abc import Iterable

from alignment.citation import Citation
from alignment.erasing import ErasureId
from alignment.errors import Unverified
from alignment.feedback import OpenQuestion, ShapedStatement, Shaping, Verdict
from alignment.record import OrganisationId, QuestionId, derived_id
from alignment.transcript import Transcript
from corpus.store import Store
from retrieval.verify import reverify


async def verify_anew(
    store: Store, organisation: OrganisationId, transcript: Transcript, *, under: ErasureId | None = None
) -> tuple[str, ...]:
    """Verify the interview's statements against this version; those that fail become open questions, each told with why.

    `under` is the redaction that made the version, if one did. Doing it again changes nothing, so that whatever a crash left undone can
    be done over.
    """
    told: list[str] = []
    for feedback in await store.feedback_of(organisation, interview=transcript.interview):
        shapings = await store.shapings(organisation, feedback.id)
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
                asked.append(_question(statement, next(c.span for c in last.claims if c.id == statement.claim)))
            else:
                kept.append(statement.model_copy(update={"citations": citations}))
        if await store.newest_transcript(organisation, transcript.interview) != transcript.id:
            return tuple(told)  # there is a later version by now, which has its own turn here
        await store.save_shaping(organisation, _again(last, transcript, kept, asked), under=under)
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


def _question(statement: ShapedStatement, span: str) -> OpenQuestion:
    return OpenQuestion(
        id=QuestionId(derived_id("qst", statement.id)),
        claim=statement.claim,
        feedback=statement.feedback,
        interview=statement.interview,
        contract_version=statement.contract_version,
        criterion=statement.criterion,
        verdict=Verdict.NO_EVIDENCE,
        text=f"You wrote “{span}”. The transcript was corrected and no longer holds what your statement quotes. Which moment do you mean?",
        judged=statement.judged,
    )
