"""One message to one of the agents, and its turn."""

from collections.abc import Awaitable, Callable, Mapping

from agents.conversations import intake, referee, shaper
from agents.conversations.message import Message
from agents.desk import search_called
from agents.workbench import Workbench
from alignment.conversation import Agent, AgentTurn
from alignment.errors import BadRequest
from alignment.people import Search
from alignment.record import OrganisationId

_AGENTS: Mapping[Agent, Callable[[Workbench, Search, Message], Awaitable[AgentTurn]]] = {
    Agent.INTAKE: intake.turn,
    Agent.SHAPER: shaper.turn,
    Agent.REFEREE: referee.turn,
}


async def converse(bench: Workbench, organisation: OrganisationId, message: Message) -> AgentTurn:
    """The agent's turn on a message; what it changed is on record before it is told.

    The same message again under its key, or as the end of the same conversation, changes nothing and is told how it stands. Errors:
    BadRequest where the message does not say what it is about, NotFound, NotPermitted, Refused, Conflict, KeyReused, Underway.
    """
    if not message.search:
        raise BadRequest("The message does not say which search it is about", where="search", todo="Name the search by its short name.")
    return await _AGENTS[message.agent](bench, await search_called(bench, organisation, message.search), message)
