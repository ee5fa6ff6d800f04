"""A run of an agent as AG-UI's events, in the order in which the protocol wants them."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ag_ui.core import (
    PROTOCOL_VERSION,
    AssistantMessage,
    BaseEvent,
    FunctionCall,
    MessagesSnapshotEvent,
    RunAgentInput,
    RunErrorEvent,
    RunFinishedEvent,
    RunFinishedInterruptOutcome,
    RunFinishedSuccessOutcome,
    RunStartedEvent,
    StateDeltaEvent,
    StateSnapshotEvent,
    StepFinishedEvent,
    StepStartedEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    ToolCall,
    ToolCallArgsEvent,
    ToolCallEndEvent,
    ToolCallResultEvent,
    ToolCallStartEvent,
    ToolMessage,
)

from alignment.conversation import Agent, AgentTurn
from api.agui.wire import WORDED, About, interrupt_of, state_of
from api.problems import Problem
from api.routes.chat import pieces_of

CITE = "cite"
STEPS = {Agent.INTAKE: "hear", Agent.SHAPER: "shape", Agent.REFEREE: "look up"}


@dataclass(frozen=True)
class Run:
    """One run, and the ids of what it adds to the conversation."""

    given: RunAgentInput
    about: About
    agent: Agent

    @property
    def text_id(self) -> str:
        """The id of the agent's message."""
        return f"{self.given.run_id}:text"

    @property
    def cite_id(self) -> str:
        """The id of the call that shows what the message rests on."""
        return f"{self.given.run_id}:{CITE}"

    def begun(self) -> Iterator[BaseEvent]:
        """What is told before anything is known."""
        parent = self.given.parent_run_id
        yield RunStartedEvent(
            thread_id=self.given.thread_id, run_id=self.given.run_id, protocol_version=PROTOCOL_VERSION, parent_run_id=parent
        )
        yield StepStartedEvent(step_name=STEPS[self.agent])

    def worded(self, sentence: dict[str, Any], *, first: bool) -> Iterator[BaseEvent]:
        """A sentence that was verified while the rest is worked on; what the run leaves takes its place in the end."""
        if first:
            kept = self.given.state if isinstance(self.given.state, dict) else {}
            yield StateSnapshotEvent(snapshot={**kept, WORDED: []})
        yield StateDeltaEvent.model_validate({"delta": [{"op": "add", "path": f"/{WORDED}/-", "value": sentence}]})

    def told(self, turn: AgentTurn) -> Iterator[BaseEvent]:
        """The turn, all of which is verified and on record by now."""
        yield StepFinishedEvent(step_name=STEPS[self.agent])
        yield StateSnapshotEvent(snapshot=state_of(self.given, self.about, turn))
        if turn.citations:
            yield ToolCallStartEvent(tool_call_id=self.cite_id, tool_call_name=CITE)
            yield ToolCallArgsEvent(tool_call_id=self.cite_id, delta=self._asked(turn))
            yield ToolCallEndEvent(tool_call_id=self.cite_id)
            yield ToolCallResultEvent(message_id=f"{self.cite_id}:result", tool_call_id=self.cite_id, content=cited(turn), role="tool")
        yield TextMessageStartEvent(message_id=self.text_id, role="assistant")
        for piece in pieces_of(turn.text):
            yield TextMessageContentEvent(message_id=self.text_id, delta=piece)
        yield TextMessageEndEvent(message_id=self.text_id)
        yield MessagesSnapshotEvent(messages=[*self.given.messages, *self._added(turn)])
        yield self._ended(turn)

    def failed(self, problem: Problem) -> BaseEvent:
        """The failure, which ends the run."""
        return RunErrorEvent(message=problem.detail, code=problem.code, metadata={"plumbline": problem.model_dump(exclude={"error"})})

    def _ended(self, turn: AgentTurn) -> BaseEvent:
        interrupts = [interrupt_of(turn, w) for w in turn.waiting]
        outcome = RunFinishedInterruptOutcome(interrupts=interrupts) if interrupts else RunFinishedSuccessOutcome()
        return RunFinishedEvent(thread_id=self.given.thread_id, run_id=self.given.run_id, outcome=outcome)

    def _added(self, turn: AgentTurn) -> Iterator[AssistantMessage | ToolMessage]:
        if turn.citations:
            call = ToolCall(id=self.cite_id, function=FunctionCall(name=CITE, arguments=self._asked(turn)))
            yield AssistantMessage(id=self.cite_id, tool_calls=[call])
            yield ToolMessage(id=f"{self.cite_id}:result", tool_call_id=self.cite_id, content=cited(turn))
        yield AssistantMessage(id=self.text_id, content=turn.text)

    def _asked(self, turn: AgentTurn) -> str:
        return json.dumps({"numbers": list(range(1, len(turn.citations) + 1))})


def cited(turn: AgentTurn) -> str:
    """What the text rests on, each citation under its number there, as JSON."""
    rows: list[dict[str, Any]] = [{"number": n, **c.model_dump(mode="json")} for n, c in enumerate(turn.citations, start=1)]
    return json.dumps({"citations": rows}, ensure_ascii=False)


def stamped(event: BaseEvent) -> BaseEvent:
    """The event with the time at which it is told, in milliseconds."""
    return event.model_copy(update={"timestamp": time.time_ns() // 1_000_000})
