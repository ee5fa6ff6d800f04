"""The debrief referee in conversation: a question about one candidate, answered sentence by sentence."""

from agents.conversations.message import Message, unknown
from agents.conversations.telling import Footnotes
from agents.room import ask, retell, said_before
from agents.workbench import Workbench
from alignment.answer import Answer
from alignment.conversation import Agent, AgentTurn
from alignment.errors import BadRequest
from alignment.people import Search
from alignment.record import digest

REMEMBERED = 12
"""Of a conversation that comes as its messages alone, so many questions are gone through again."""


async def turn(bench: Workbench, search: Search, message: Message) -> AgentTurn:
    """The answer to the last question, in the asker's own conversation about that candidate."""
    if not message.person:
        raise BadRequest("The message does not say who is asking", where="person", todo="Name the person, as the search knows them.")
    if message.resume is not None:
        return await _stands(bench, search, message)
    question, where = message.last, message.candidate
    if not message.thread:
        asked = message.said[-REMEMBERED:]
        thread = f"messages-{digest(*message.said)[:24]}"
        answer = await retell(bench, search, message.person, asked, candidate=where, thread=thread)
        return await _told(bench, search, answer, thread)
    thread = message.thread
    if message.resent and not message.key:
        known = await said_before(bench, search, message.person, candidate=where, thread=thread)
        if known and known[-1].question == " ".join(question.split()):
            return await _told(bench, search, known[-1], thread)
    answer = await ask(bench, search, message.person, question, candidate=where, thread=thread, key=message.key)
    return await _told(bench, search, answer, thread)


async def _stands(bench: Workbench, search: Search, message: Message) -> AgentTurn:
    """The last answer of the conversation anew; nothing in it ever waits for anybody."""
    if message.resume:
        raise unknown(message.resume[0])
    known = await said_before(bench, search, message.person, candidate=message.candidate, thread=message.thread or "main")
    if not known:
        raise BadRequest("There is no message to answer", where="messages", todo="The last message is the person's, and holds words.")
    return await _told(bench, search, known[-1], message.thread or "main")


async def _told(bench: Workbench, search: Search, answer: Answer, thread: str) -> AgentTurn:
    notes = Footnotes({i.id: i.name for i in await bench.store.interviews(search.organisation, search.id)})
    text = "\n\n".join(notes.after(s.text, s.citations) for s in answer.sentences)
    return AgentTurn(
        agent=Agent.REFEREE,
        search=search.id,
        thread=thread,
        number=answer.number,
        text=f"{text}{notes.told}",
        citations=tuple(notes.cited),
        done=True,
        contract_version=answer.contract_version,
    )
