"""The debrief packet, the referee's answers, moments, and questions over all searches."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from agents.access import reach_for
from agents.asking import find
from agents.corpus_questions.answering import answer as answer_corpus
from agents.corpus_questions.telling import markdown as corpus_markdown
from agents.corpus_questions.telling import names_in
from agents.debrief_referee.telling import markdown
from agents.debriefs import close_round, debrief_for
from agents.room import ask, forget, said_before
from alignment.access import KeyRole
from alignment.answer import Answer
from alignment.corpus_answer import CorpusAnswer
from alignment.debrief import Debrief
from api.auth import Bench, Reading, Writing
from api.once import HEADER, OnceRoute
from api.pages import Cursor, Limit, Page, paged
from api.routes.contracts import MARKDOWN
from api.routes.feedback import As
from api.routes.searches import SearchHere, SearchWritten
from api.wire import ClosedRound, CorpusQuestion, Moment, Question

router = APIRouter(prefix="/v1", tags=["debrief"], route_class=OnceRoute)
Named = Annotated[str, Query(max_length=200)]


@router.get("/searches/{search}/debrief")
async def read_debrief(caller: Reading, bench: Bench, found: SearchHere, request: Request, candidate: Named = "", as_: As = "") -> Debrief:
    """The packet on a candidate; it opens once every scorecard is in or the recruiter has closed the round."""
    name = request.state.acting = caller.acting(as_)
    packet, _ = await debrief_for(bench, found, name, candidate)
    request.state.detail = {"contract": str(packet.contract_version)}
    return packet


@router.get("/searches/{search}/debrief.md", response_class=Response, responses=MARKDOWN)
async def read_debrief_text(
    caller: Reading, bench: Bench, found: SearchHere, request: Request, candidate: Named = "", as_: As = ""
) -> Response:
    """The same as Markdown."""
    name = request.state.acting = caller.acting(as_)
    packet, material = await debrief_for(bench, found, name, candidate)
    request.state.detail = {"contract": str(packet.contract_version)}
    return Response(markdown(packet, material), media_type="text/markdown")


@router.post("/searches/{search}/rounds/close", status_code=204)
async def end_round(caller: Writing, bench: Bench, found: SearchWritten, given: ClosedRound, request: Request) -> Response:
    """Close a candidate's round as the search's recruiter, with scorecards missing; again is harmless."""
    caller.must_be(KeyRole.RECRUITER)
    name = request.state.acting = caller.acting(given.acting)
    await close_round(bench, found, name, given.candidate, datetime.now(UTC))
    return Response(status_code=204)


@router.post("/searches/{search}/questions")
async def ask_referee(caller: Reading, bench: Bench, found: SearchHere, given: Question, request: Request) -> Answer:
    """Ask what the record holds of a candidate; every sentence shows what it rests on, or says that the record does not hold it."""
    name = request.state.acting = caller.acting(given.acting)
    key = request.headers.get(HEADER, "")
    told = await ask(
        bench,
        found,
        name,
        given.question,
        candidate=given.candidate,
        thread=given.thread,
        key=f"{caller.key.id} {key}" if key else "",
    )
    request.state.detail = {"contract": str(told.contract_version)}
    return told


@router.get("/searches/{search}/questions")
async def read_conversation(
    caller: Reading,
    bench: Bench,
    found: SearchHere,
    request: Request,
    candidate: Named = "",
    thread: Named = "main",
    as_: As = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[Answer]:
    """One's own conversation with the referee of that name, oldest turn first."""
    name = request.state.acting = caller.acting(as_)
    turns = await said_before(bench, found, name, candidate=candidate, thread=thread)
    return paged(turns, limit, cursor, lambda a: str(a.number))


@router.delete("/searches/{search}/questions", status_code=204)
async def forget_conversation(
    caller: Writing, bench: Bench, found: SearchWritten, request: Request, candidate: Named = "", thread: Named = "main", as_: As = ""
) -> Response:
    """Begin one's own conversation of that name anew: what was asked before is gone; again is harmless."""
    name = request.state.acting = caller.acting(as_)
    await forget(bench, found, name, candidate=candidate, thread=thread)
    return Response(status_code=204)


@router.get("/moments")
async def find_moments(
    caller: Reading,
    bench: Bench,
    q: Annotated[str, Query(min_length=1, max_length=2000, description="What to find the moment of.")],
    search: Named = "",
    interview: Named = "",
    role: Annotated[str, Query(max_length=40, description="candidate, interviewer, recruiter or hiring_manager")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
) -> Page[Moment]:
    """The moments that answer a question, best first; a personal key names one of its searches."""
    found = await reach_for(bench, caller, search)
    rows = await find(bench, caller.org, q, search=found.slug if found else "", interview=interview, role=role, limit=limit)
    return Page(items=tuple(Moment(**row) for row in rows))


@router.post("/corpus/questions", response_model=CorpusAnswer, responses=MARKDOWN)
async def ask_corpus(caller: Reading, bench: Bench, given: CorpusQuestion, request: Request) -> Any:
    """Ask over all searches: exact counts, with moments that show them. Recruiters and services ask; it ranks nobody.

    `Accept: text/markdown` has it in words.
    """
    caller.must_see_all()
    told = await answer_corpus(bench, caller.org, given.question, date.today())
    if "text/markdown" in request.headers.get("accept", ""):
        return Response(corpus_markdown(told, await names_in(bench, caller.org, told)), media_type="text/markdown")
    return told
