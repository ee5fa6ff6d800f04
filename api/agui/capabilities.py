"""What each agent declares of itself to AG-UI's clients, and nothing that it does not do."""

from importlib.metadata import version

from ag_ui.core import (
    AgentCapabilities,
    HumanInTheLoopCapabilities,
    IdentityCapabilities,
    MultimodalCapabilities,
    MultimodalInputCapabilities,
    OutputCapabilities,
    ReasoningCapabilities,
    StateCapabilities,
    Tool,
    ToolsCapabilities,
    TransportCapabilities,
)

from alignment.conversation import Agent
from api.agui.events import CITE

DOES = {
    Agent.INTAKE: "Asks the recruiter and the hiring manager one question at a time, and drafts and signs the contract of a search.",
    Agent.SHAPER: "Takes an interviewer's feedback apart into claims, each with what the record says of it, and asks its interviewer.",
    Agent.REFEREE: "Answers questions about one candidate out of the record, sentence by sentence, and says nothing of whom to hire.",
}
SHOWN = Tool(
    name=CITE,
    description="Shows the words of the record that the message behind it rests on, by their numbers there.",
    parameters={"type": "object", "properties": {"numbers": {"type": "array", "items": {"type": "integer"}}}, "required": ["numbers"]},
)


def capabilities_of(agent: Agent) -> AgentCapabilities:
    """The agent's declaration."""
    asks = agent is not Agent.REFEREE
    return AgentCapabilities(
        identity=IdentityCapabilities(
            name=agent.value, type="plumbline", description=DOES[agent], version=version("plumbline"), provider="Plumbline"
        ),
        transport=TransportCapabilities(streaming=True, websocket=False, http_binary=False, resumable=False),
        tools=ToolsCapabilities(supported=True, items=[SHOWN], parallel_calls=False, client_provided=False),
        output=OutputCapabilities(structured_output=False, supported_mime_types=["text/plain"]),
        state=StateCapabilities(snapshots=True, deltas=agent is Agent.SHAPER, memory=False, persistent_state=True),
        reasoning=ReasoningCapabilities(supported=False),
        multimodal=MultimodalCapabilities(input=MultimodalInputCapabilities(image=False, audio=False, video=False, pdf=False, file=False)),
        human_in_the_loop=HumanInTheLoopCapabilities(supported=asks, interrupts=asks, approve_with_edits=False),
    )
