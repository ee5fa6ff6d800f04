"""The feedback shaper in conversation: feedback comes in as it was written, claims go out, and the interviewer answers in words."""

from typing import Any

from pydantic import ValidationError

from agents.conversations.message import MARK, Answer, Message, waits_in
from agents.conversations.telling import Footnotes
from agents.desk import add_feedback, feedback_called, person_on
from agents.feedback_shaper.replies import Answered
from agents.turns import Turn, answer, answer_in_words, shape
from agents.workbench import Workbench
from alignment.conversation import Agent, AgentTurn, Waiting
from alignment.errors import BadRequest
from alignment.feedback import Feedback
from alignment.people import Person, Search
from alignment.settings import RULES

WORDS = {"supported": "supported", "contradicted": "contradicted by the record", "no_evidence": "no evidence", "too_vague": "too vague"}
KINDS = {"statement": "Statement", "question": "Question", "set_aside": "Set aside"}
DONE = {"accept": "accepted", "edit": "edited", "choose": "moment chosen", "withdraw": "withdrawn"}
REPLIES = ("accept", "edit", "choose", "withdraw")
HOW = "Answer with the number of the claim: “{n} accept”, “{n} withdraw”, “{n} moment 2”, “{n} edit: your words”, or “accept all”."


async def turn(bench: Workbench, search: Search, message: Message) -> AgentTurn:
    """The claims of a piece of feedback as they stand, after what the interviewer answered last."""
    person = await _interviewer(bench, search, message)
    feedback, answered = await _feedback(bench, search, message, person)
    if message.resume is not None:
        stands = await _resumed(bench, search, message, feedback)
    elif message.answers:
        stands = await answer(bench, search.organisation, feedback.id, list(message.answers), key=message.key)
    else:
        stands = await shape(bench, search.organisation, feedback.id, message.told)
        if answered and stands.waiting and not _sent_before(message, stands):
            stands = await answer_in_words(bench, search.organisation, feedback.id, message.last, key=message.name)
    return await _told(bench, search, feedback, person, stands)


async def _interviewer(bench: Workbench, search: Search, message: Message) -> Person:
    if not message.person:
        raise BadRequest("The message does not say whose feedback it is", where="person", todo="Name the interviewer.")
    return await person_on(bench, search, message.person)


async def _feedback(bench: Workbench, search: Search, message: Message, person: Person) -> tuple[Feedback, bool]:
    """The person's feedback that the conversation is about, put on record where it is new, and whether the last text answers for it.

    Nobody but its author is told that somebody's feedback is there.
    """
    if named := message.feedback or message.thread or _feedback_in(message):
        return await feedback_called(bench, search, named, by=person.id), bool(message.said)
    first = message.said[0] if message.said else ""
    if not first.strip():
        raise BadRequest("There is no feedback to shape", where="messages", todo="The first message is the feedback, word for word.")
    interview = message.interview or await _only_interview(bench, search, person)
    return await add_feedback(bench, search, interview, person.name, first), len(message.said) > 1


def _feedback_in(message: Message) -> str:
    """The feedback whose claims are answered, out of what they are called."""
    return message.resume[0].called.rpartition(MARK)[0] if message.resume else ""


async def _resumed(bench: Workbench, search: Search, message: Message, feedback: Feedback) -> Turn:
    """The claims after what was answered to each; one that was answered before is left as it is."""
    given = [(waits_in(feedback.id, a), a) for a in message.resume or ()]
    answers = [_answer(claim, a) for claim, a in given if not a.left]
    if not answers:
        return await shape(bench, search.organisation, feedback.id, message.told)
    return await answer(bench, search.organisation, feedback.id, answers, key=message.key, again=True)


def _answer(claim: str, given: Answer) -> dict[str, Any]:
    told = given.given if isinstance(given.given, dict) else {"reply": given.given}
    try:
        return Answered.model_validate({**told, "claim": claim}).model_dump(mode="json", exclude_none=True)
    except ValidationError as e:
        first = e.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRequest(
            f"That is no answer to a claim: {place + ': ' if place else ''}{first['msg']}",
            where=given.called,
            todo=f"Send {{reply, text, chosen}}, where reply is one of {', '.join(REPLIES)}.",
        ) from e


async def _only_interview(bench: Workbench, search: Search, person: Person) -> str:
    held = await bench.store.interviews(search.organisation, search.id)
    seats = {s.interview for s in search.panel if s.person == person.id}
    theirs = [i.name for i in held if i.id in seats]
    if len(theirs) != 1:
        listed = ", ".join(theirs or [i.name for i in held]) or "none yet"
        raise BadRequest("The message does not say which interview the feedback is on", where="interview", todo=f"There are: {listed}.")
    return theirs[0]


def _sent_before(message: Message, stands: Turn) -> bool:
    """Whether a text that may have come before was answered: without a key nothing tells, and nothing is done twice."""
    return message.resent and not message.name and any(c["reply"] for c in stands.shown)


async def _told(bench: Workbench, search: Search, feedback: Feedback, person: Person, stands: Turn) -> AgentTurn:
    notes = Footnotes({i.id: i.name for i in await bench.store.interviews(search.organisation, search.id)})
    parts = [_claim(n, claim, stands, notes) for n, claim in enumerate(stands.shown, start=1)]
    parts += [f"Not taken: {p['why']}" for p in stands.problems]
    numbers = {c["claim"]: n for n, c in enumerate(stands.shown, start=1)}
    if stands.waiting:
        open_ = ", ".join(str(numbers[w["claim"]]) for w in stands.waiting)
        parts.append(f"Waiting for {person.name}: {open_}. {HOW.format(n=numbers[stands.waiting[0]['claim']])}")
    elif not stands.shown:
        parts.append("The feedback holds no claim about the candidate.")
    else:
        parts.append("All of it is settled and on record.")
    by = sorted({b.get("who") or RULES for c in stands.claims for b in c["judged"].values()})
    return AgentTurn(
        agent=Agent.SHAPER,
        search=search.id,
        thread=feedback.id,
        number=1 + sum(bool(c["reply"]) for c in stands.shown),
        text="\n\n".join(parts) + notes.told,
        citations=tuple(notes.cited),
        waiting=tuple(waiting_of(w, stands, person) for w in stands.waiting),
        done=not stands.waiting,
        contract_version=feedback.contract_version,
        by=", ".join(by) or RULES,
        prompts=tuple(sorted({b["prompt"] for c in stands.claims for b in c["judged"].values() if b.get("prompt")})),
    )


def _claim(n: int, claim: dict[str, Any], stands: Turn, notes: Footnotes) -> str:
    verdict = WORDS.get(claim["verdict"], "not about the job")
    tied = "" if claim["kind"] == "set_aside" or claim["verdict"] == "too_vague" else f", {claim['criterion'] or 'outside the contract'}"
    done = f" ({DONE[claim['reply']]})" if claim["reply"] else ""
    head = f"{n}. “{claim['span']}”: {verdict}{tied}{done}"
    lines = [head, f"   {KINDS[claim['kind']]}: {claim['text']}"]
    for m, moment in enumerate(stands.cited[claim["claim"]], start=1):
        lines.append(f"   Moment {m} [{notes.number(moment)}]: “{moment.text}”")
    return "\n".join(lines)


def waiting_of(claim: dict[str, Any], stands: Turn, person: Person) -> Waiting:
    """A claim that waits for its interviewer, with what may be answered and the moments to choose from."""
    moments = stands.cited[claim["claim"]]
    replies = tuple(r for r in REPLIES if moments or r not in ("edit", "choose"))
    return Waiting(
        id=claim["claim"], kind="claim", to=person.name, text=claim["text"], words=claim["span"], replies=replies, moments=moments
    )
