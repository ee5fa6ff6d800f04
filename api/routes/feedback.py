"""Feedback and its shaping: what interviewers wrote, what the record says of it, and what they answer."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from agents.access import Caller
from agents.conversations.shaper import waiting_of
from agents.desk import add_feedback, add_scorecard, feedback_called, person_on
from agents.turns import Turn, answer, shape
from agents.workbench import Workbench
from alignment.errors import NotPermitted
from alignment.feedback import Feedback
from alignment.people import Search
from alignment.scorecard import Scorecard
from api.auth import Bench, Reading, Writing
from api.once import HEADER, OnceRoute
from api.pages import Cursor, Limit, Page, paged
from api.routes.searches import SearchHere, SearchWritten
from api.wire import Answers, FeedbackState, NewFeedback, NewScorecard, Shaped

router = APIRouter(prefix="/v1/searches/{search}", tags=["feedback"], route_class=OnceRoute)
FeedbackName = Annotated[str, Path(min_length=1, max_length=200, description="The feedback's name, such as F1, or its id.")]
As = Annotated[str, Query(alias="as", max_length=200, description="For whom a service's key acts, by name.")]


async def _own(bench: Workbench, caller: Caller, search: Search, name: str) -> Feedback:
    """The feedback, which nobody but its author reads; a service reads it for its screens."""
    return await feedback_called(bench, search, name, by=caller.person.id if caller.person else None)


@router.get("/feedback")
async def list_feedback(
    caller: Reading, bench: Bench, found: SearchHere, limit: Limit = 50, cursor: Cursor = "", as_: As = ""
) -> Page[FeedbackState]:
    """What was written on the search, oldest first: one's own, and for a service everybody's or one person's."""
    reader = caller.person or (await person_on(bench, found, as_) if as_ else None)
    held = {i.id: i.name for i in await bench.store.interviews(found.organisation, found.id)}
    rows = []
    for f in await bench.store.feedback_of(found.organisation, search=found.id):
        if reader is None or f.interviewer == reader.id:
            person = await bench.store.person(found.organisation, f.interviewer)
            shaped = bool(await bench.store.shapings(found.organisation, f.id))
            rows.append(FeedbackState(feedback=f, interview=held[f.interview], interviewer=person.name, shaped=shaped))
    return paged(rows, limit, cursor, lambda r: r.feedback.id)


@router.post("/feedback", status_code=201)
async def new_feedback(
    caller: Writing, bench: Bench, found: SearchWritten, given: NewFeedback, request: Request, response: Response
) -> Feedback:
    """Put a piece of feedback on record, exactly as it was written."""
    name = request.state.acting = caller.acting(given.acting)
    made = await add_feedback(bench, found, given.interview, name, given.text, name=given.name)
    request.state.detail = {"contract": str(made.contract_version)}
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/feedback/{made.name or made.id}")
    return made


@router.get("/feedback/{feedback}")
async def read_feedback(caller: Reading, bench: Bench, found: SearchHere, feedback: FeedbackName) -> Feedback:
    """One piece of feedback, word for word."""
    return await _own(bench, caller, found, feedback)


@router.post("/feedback/{feedback}/shaping")
async def shape_feedback(caller: Writing, bench: Bench, found: SearchWritten, feedback: FeedbackName, request: Request) -> Shaped:
    """Shape it up to where its interviewer is asked; asked again, it answers from where it stands."""
    held = await _own(bench, caller, found, feedback)
    return await _shaped(bench, held, await shape(bench, caller.org, held.id), request)


@router.post("/feedback/{feedback}/answers")
async def answer_claims(
    caller: Writing, bench: Bench, found: SearchWritten, feedback: FeedbackName, given: Answers, request: Request
) -> Shaped:
    """Accept, edit, choose a moment or withdraw, claim by claim, as the interviewer who wrote it."""
    held = await _own(bench, caller, found, feedback)
    person = await person_on(bench, found, caller.acting(given.acting))
    request.state.acting = person.name
    if person.id != held.interviewer:
        raise NotPermitted(f"{person.name} did not write this feedback", where=held.name, todo="Only its interviewer answers for it.")
    key = request.headers.get(HEADER, "")
    answers = [a.model_dump(mode="json", exclude_none=True) for a in given.answers]
    turn = await answer(bench, caller.org, held.id, answers, key=f"{caller.key.id} {key}" if key else "")
    return await _shaped(bench, held, turn, request)


async def _shaped(bench: Workbench, feedback: Feedback, turn: Turn, request: Request) -> Shaped:
    prompts = sorted({b["prompt"] for c in turn.claims for b in c["judged"].values() if b.get("prompt")})
    request.state.detail = {
        "contract": str(feedback.contract_version),
        "model": bench.judgements.by,
        "prompts": " ".join(prompts),
    }
    person = await bench.store.person(feedback.organisation, feedback.interviewer)
    return Shaped(
        thread=turn.thread,
        feedback=feedback,
        claims=turn.shown,
        waiting=tuple(waiting_of(w, turn, person) for w in turn.waiting),
        problems=turn.problems,
        shaping=turn.shaping,
    )


@router.get("/scorecards")
async def list_scorecards(
    caller: Reading, bench: Bench, found: SearchHere, limit: Limit = 50, cursor: Cursor = "", as_: As = ""
) -> Page[Scorecard]:
    """The scorecards that the reader may see now: one's own, and others' once one's own are in."""
    reader = await person_on(bench, found, caller.acting(as_))
    return paged(await bench.store.scorecards(found.organisation, found.id, reader.id), limit, cursor, lambda c: c.id)


@router.post("/scorecards", status_code=201)
async def new_scorecard(
    caller: Writing, bench: Bench, found: SearchWritten, given: NewScorecard, request: Request, response: Response
) -> Scorecard:
    """Put one interviewer's grades on record; the same again is harmless, other grades are a conflict."""
    name = request.state.acting = caller.acting(given.acting)
    made = await add_scorecard(bench, found, given.interview, name, given.grades)
    request.state.detail = {"contract": str(made.contract_version)}
    response.headers["Location"] = quote(f"/v1/searches/{found.slug}/scorecards")
    return made
