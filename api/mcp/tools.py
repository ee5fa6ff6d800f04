"""The MCP tools: each is one thing that the agents do, as far as the caller may have it done."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mcp_types import ToolAnnotations
from pydantic import BaseModel

from agents.access import reach_for, searches_for
from agents.asking import find
from agents.conversations import Answer, Message, called
from agents.conversations.telling import contract_told
from agents.corpus_questions.answering import answer as answer_corpus
from agents.corpus_questions.telling import markdown, names_in
from agents.desk import feedback_called, person_on
from alignment.access import Access
from alignment.conversation import Agent, AgentTurn
from alignment.corpus_answer import CorpusAnswer
from alignment.errors import BadRequest
from alignment.people import Search
from alignment.transcript import clock
from api.mcp.asked import Asked
from api.mcp.given import AskCorpus, AskReferee, ContractRead, FindMoments, ListSearches, Moments, ReadContract, ShapeFeedback
from api.pages import Page, page, place_of
from api.states import state_of
from api.wire import Moment

Told = tuple[BaseModel, str]
"""What a tool gives: the record, and the same to be read."""


@dataclass(frozen=True)
class Tool:
    """One tool: what it is called, what it takes and gives, and how it goes about it."""

    title: str
    what: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    run: Callable[[Asked, Any], Awaitable[Told]]
    reads: bool = True

    @property
    def hints(self) -> ToolAnnotations:
        """What a client may think of calling it: the same call twice is as good as once, and nothing is ever taken away."""
        return ToolAnnotations(
            title=self.title, read_only_hint=self.reads, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        )


async def list_searches(asked: Asked, given: ListSearches) -> Told:
    """The searches that the caller may see."""
    asked.caller.must(Access.READ)
    found = await searches_for(asked.bench, asked.caller, after=place_of(given.cursor), limit=given.limit + 1)
    shown = page(found, given.limit, lambda s: s.slug)
    lines = [_search(s) for s in shown.items] or ["There is no search that you take part in."]
    if shown.next:
        lines.append(f"There are more: go on with the cursor {shown.next}.")
    return shown, "\n".join(lines)


async def read_contract(asked: Asked, given: ReadContract) -> Told:
    """A search's contract, and what changed in that version."""
    asked.caller.must(Access.READ)
    found = await asked.search(given.search)
    return await contract_read(asked, found, given.version)


async def contract_read(asked: Asked, search: Search, version: int) -> tuple[ContractRead, str]:
    """That version of the contract, 0 for the newest, with what differs from the one before."""
    store = asked.bench.store
    contract = await store.contract(search.organisation, search.id, version or None)
    asked.note(contract=str(contract.version))
    before = [c for c in await store.contracts(search.organisation, search.id) if c.version < contract.version]
    changes = contract.changes_since(before[-1]) if before else ()
    lines = [contract_told(contract)]
    if changes:
        lines.append(f"Changed since version {before[-1].version}, because: {contract.reason}")
        lines += [f"{c.id}: “{c.before or 'nothing'}” is now “{c.after or 'nothing'}”" for c in changes]
    return ContractRead(**dict(state_of(contract)), changes=changes), "\n".join(lines)


async def find_moments(asked: Asked, given: FindMoments) -> Told:
    """The moments of the record that answer a question."""
    asked.caller.must(Access.READ)
    found = await reach_for(asked.bench, asked.caller, given.search)
    slug = found.slug if found else ""
    asked.note(search=slug)
    rows = await find(
        asked.bench, asked.caller.org, given.question, search=slug, interview=given.interview, role=given.role, limit=given.limit
    )
    moments = Moments(items=tuple(Moment(**row) for row in rows))
    return moments, "\n\n".join(_moment(n, m) for n, m in enumerate(moments.items, start=1)) or "The record holds no such moment."


async def ask_referee(asked: Asked, given: AskReferee) -> Told:
    """The referee's answer, sentence by sentence with what it rests on."""
    found = await asked.search(given.search)
    turn = await asked.turn(
        Message(
            agent=Agent.REFEREE,
            search=found.slug,
            person=asked.acting(given.person),
            said=(given.question,),
            candidate=given.candidate,
            thread=given.thread,
        )
    )
    return turn, turn.text


async def shape_feedback(asked: Asked, given: ShapeFeedback) -> Told:
    """The claims of a piece of feedback as they stand, after what is new in the call."""
    asked.caller.must(Access.WRITE)
    found = await asked.search(given.search)
    person = asked.acting(given.person)
    message = Message(
        agent=Agent.SHAPER,
        search=found.slug,
        person=person,
        interview=given.interview,
        said=tuple(t for t in (given.text, given.words) if t),
    )
    turn = await asked.turn(await _about(asked, found, given, message))
    return turn, f"{turn.text}\n\nThis feedback is on record as {turn.thread}: go on with it under that name."


async def _about(asked: Asked, search: Search, given: ShapeFeedback, message: Message) -> Message:
    """The message, saying which feedback is meant and what is answered to each of its claims."""
    if bool(given.text.strip()) == bool(given.feedback):
        todo = "Send the text of new feedback, or name what is on record, and not both."
        raise BadRequest("The call does not say which feedback it is about", where="feedback", todo=todo)
    if given.words and given.answers:
        raise BadRequest("The claims are answered twice", where="answers", todo="Send words or answers, and not both.")
    if not given.feedback:
        if given.answers or given.words:
            raise BadRequest("Claims are answered once they were shown", where="feedback", todo="Name the feedback.")
        return message
    author = await person_on(asked.bench, search, message.person)
    held = await feedback_called(asked.bench, search, given.feedback, by=author.id)
    answers = tuple(
        Answer(called(held.id, a.claim), a.model_dump(mode="json", exclude_none=True, exclude={"claim"})) for a in given.answers
    )
    return replace(message, feedback=held.id, resume=answers or None)


async def ask_corpus(asked: Asked, given: AskCorpus) -> Told:
    """Exact counts over all searches, with moments that show them."""
    asked.caller.must(Access.READ)
    asked.caller.must_see_all()
    bench, org = asked.bench, asked.caller.org
    answer = await asked.through(answer_corpus(bench, org, given.question, date.today()))
    return answer, markdown(answer, await names_in(bench, org, answer))


def _search(search: Search) -> str:
    people = [f"{role} {p.name}" for role, p in (("recruiter", search.recruiter), ("hiring manager", search.hiring_manager)) if p]
    people += [f"{s.name} in {s.interview_name}" for s in search.panel]
    return f"{search.slug}: {search.title}" + (f" ({', '.join(people)})" if people else "")


def _moment(n: int, moment: Moment) -> str:
    at = f", {clock(moment.start_s)}" if moment.start_s is not None else ""
    return f"{n}. {moment.search}, {moment.interview}{at}, {moment.speaker}: “{moment.text}”"


TOOLS: Mapping[str, Tool] = {
    "list_searches": Tool(
        "List searches",
        "The hiring searches that you may see: short names, titles, who recruits, hires and interviews. Begin here.",
        ListSearches,
        Page[Search],
        list_searches,
    ),
    "read_contract": Tool(
        "Read a contract",
        "What recruiter and hiring manager agreed to hire for: three must-haves, two trade-offs and a deal-breaker, who signed, and what "
        "changed in the version.",
        ReadContract,
        ContractRead,
        read_contract,
    ),
    "find_moments": Tool(
        "Find moments",
        "The moments of recorded interviews that answer a question, best first, word for word with speaker and time.",
        FindMoments,
        Moments,
        find_moments,
    ),
    "shape_feedback": Tool(
        "Shape feedback",
        "Puts an interviewer's feedback on record exactly as written and checks each claim in it against the transcript; or takes the "
        "interviewer's answers to those claims. Only the interviewer answers: never answer for them.",
        ShapeFeedback,
        AgentTurn,
        shape_feedback,
        reads=False,
    ),
    "ask_referee": Tool(
        "Ask the referee",
        "Answers one question about one candidate from the record; every sentence shows what it rests on, or says that the record does not "
        "hold it. It recommends nobody.",
        AskReferee,
        AgentTurn,
        ask_referee,
    ),
    "ask_corpus": Tool(
        "Ask the corpus",
        "Exact counts over all of the organisation's interviews, with moments that show them. It ranks nobody.",
        AskCorpus,
        CorpusAnswer,
        ask_corpus,
    ),
}
