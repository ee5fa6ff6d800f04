"""One turn of a shaping conversation: load, run the graph, save once under ids that make a repeat harmless."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from agents.feedback_shaper.checking import Checker
from agents.feedback_shaper.context import ShapingContext
from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.outcome import shaping_of
from agents.feedback_shaper.spoken import answers_in
from agents.feedback_shaper.state import ClaimState, ShaperState
from agents.workbench import KEPT_EVIDENCE, Workbench
from alignment.citation import Citation
from alignment.contract import Contract
from alignment.errors import Conflict, ConsentMissing, KeyReused, NotFound
from alignment.feedback import Feedback, Shaping
from alignment.people import Search
from alignment.record import FeedbackId, OrganisationId, TranscriptId, digest
from alignment.transcript import Transcript
from retrieval.nearness import Nearness, nearness

NOT_UNDERSTOOD = {"claim": "", "why": "That answers none of the claims, and changed nothing."}


@dataclass(frozen=True)
class Turn:
    """Where a conversation stands: every claim as it is shown, what waits for the interviewer, what could not be taken, and the result.

    `cited` has the moments of each claim by its id.
    """

    thread: str
    shown: tuple[dict[str, Any], ...]
    waiting: tuple[dict[str, Any], ...]
    problems: tuple[dict[str, str], ...]
    claims: tuple[ClaimState, ...]
    shaping: Shaping | None
    cited: Mapping[str, tuple[Citation, ...]]


Told = Callable[[dict[str, Any]], None]
"""Hears each verified sentence as it is worded: {claim, kind, n, sentence}."""


async def shape(bench: Workbench, organisation: OrganisationId, feedback: FeedbackId, told: Told | None = None) -> Turn:
    """Shape a piece of feedback up to where the interviewer is asked; asked again, it answers from where it stands.

    `told` hears the texts sentence by sentence while they are worded, each only once its whole text is verified. After a crash in the
    middle it may hear a claim again; what the turn holds in the end counts.
    """
    return await _turn(bench, organisation, feedback, None, told)


async def answer(
    bench: Workbench,
    organisation: OrganisationId,
    feedback: FeedbackId,
    answers: list[dict[str, Any]],
    *,
    key: str = "",
    again: bool = False,
) -> Turn:
    """Go on with the interviewer's answers; Conflict where nothing waits for one.

    The same answers again under their `key` are told how it stands; others under the same key are KeyReused. `again` says that they may
    have come before: what was answered is left as it is, and only a claim that there never was is NotFound.
    """
    sent = json.dumps(answers, default=str, skipkeys=True)
    return await _turn(bench, organisation, feedback, Sent(sent, key, again=again))


async def answer_in_words(bench: Workbench, organisation: OrganisationId, feedback: FeedbackId, text: str, *, key: str = "") -> Turn:
    """Go on with what the interviewer says; a text that answers nothing changes nothing, and is told so among the problems."""
    return await _turn(bench, organisation, feedback, Sent(text, key, in_words=True))


@dataclass(frozen=True)
class Sent:
    """Answers as they are sent, as JSON or in words, and what their sender calls the sending."""

    told: str
    key: str
    in_words: bool = False
    again: bool = False

    def resume(self, shown: Sequence[dict[str, Any]], waiting: Sequence[dict[str, Any]]) -> str:
        """What the graph goes on with; empty where the words answer nothing that waits."""
        answers = answers_in(self.told, shown, waiting) if self.in_words else json.loads(self.told)
        if self.again:
            waits = {w["claim"] for w in waiting}
            if never := [a["claim"] for a in answers if a["claim"] not in {c["claim"] for c in shown}]:
                raise NotFound("There is no such claim in the feedback", where=never[0])
            answers = [a for a in answers if a["claim"] in waits]
        if not answers and (self.in_words or self.again):
            return ""
        return json.dumps({"keyed": {self.key: digest(self.told)}, "answers": answers} if self.key else answers)

    def was_taken(self, state: Mapping[str, Any]) -> bool:
        """Whether these answers were taken under this key; KeyReused where it stands for others."""
        known = state.get("keys", {}).get(self.key) if self.key else None
        if known not in (None, digest(self.told)):
            raise KeyReused("This idempotency key stands for other answers", where=self.key, todo="Use a new key for each sending.")
        return known is not None


async def _turn(bench: Workbench, organisation: OrganisationId, id: FeedbackId, answers: Sent | None, told: Told | None = None) -> Turn:
    async with bench.thread(organisation, id):
        feedback = await bench.store.feedback(organisation, id)
        if feedback.interview in await bench.store.interviews_closing(organisation):
            raise ConsentMissing("The interview is to be erased: nothing more of it is processed", where=feedback.name or feedback.id)
        context = await shaping_context(bench, feedback)
        # A corrected transcript opens a conversation of its own; what was settled under the old one stands, verified anew, until then.
        thread = thread_of(organisation, id, context.evidence.transcript.id)
        config: RunnableConfig = {"configurable": {"thread_id": thread}}
        before = await bench.shaper.aget_state(config)
        if not before.values:
            await _run(bench, {"feedback": feedback.id, "raw": feedback.raw}, config, context, told)
        elif not before.interrupts:
            # A crash may have ended the last run between two steps, or before what a step wrote was made a checkpoint, which looks like
            # the end. It goes on from there; where it had ended, nothing runs.
            await _run(bench, None, config, context, told)
        if answers is not None and not answers.was_taken(before.values):
            settled = bool(before.values) and not before.next
            if not before.interrupts and not (settled and answers.again):
                raise _nothing_waits(feedback, settled)
            stands = await _standing(bench, organisation, feedback, context, thread)
            resume = answers.resume(stands.shown, stands.waiting)
            if not resume:
                return stands if answers.again else replace(stands, problems=(NOT_UNDERSTOOD,))
            await _run(bench, Command(resume=resume), config, context, told)
        turn = await _standing(bench, organisation, feedback, context, thread)
        if answers is None or turn.waiting:
            return turn
        # What settles the conversation may have come with answers that could not be taken, which is told this once.
        last = await bench.shaper.aget_state(config)
        return replace(turn, problems=tuple(last.values.get("problems", [])))


def _nothing_waits(feedback: Feedback, settled: bool) -> Conflict:
    where = feedback.name or feedback.id
    if settled:
        return Conflict("Nothing waits for an answer on this feedback", where=where)
    # Only now shaped, for the first time or under a corrected transcript: nobody has seen what they would answer.
    return Conflict("The claims were not shown yet as they stand now", where=where, todo="Look at them again, then answer.")


def thread_of(organisation: OrganisationId, feedback: FeedbackId, transcript: TranscriptId) -> str:
    """The name of the conversation about a piece of feedback under one version of the transcript."""
    return f"shape:{organisation}:{feedback}:{transcript}"


async def _run(bench: Workbench, given: Any, config: RunnableConfig, context: ShapingContext, told: Told | None) -> None:
    async for sentence in bench.shaper.astream(given, config, context=context, stream_mode="custom"):
        if told is not None:
            told(sentence)
    await bench.tidy(config["configurable"]["thread_id"])


async def _standing(bench: Workbench, organisation: OrganisationId, feedback: Feedback, context: ShapingContext, thread: str) -> Turn:
    state = await bench.shaper.aget_state({"configurable": {"thread_id": thread}})
    claims: list[ClaimState] = state.values.get("claims", [])
    payload = state.interrupts[0].value if state.interrupts else {"claims": [], "problems": []}
    shown = tuple(context.checker.shown(c) for c in claims)
    shaping = None
    if not state.interrupts:
        # Saved under the thread's own ids: after a crash between graph and store the next read saves it again.
        known = await bench.store.shapings(organisation, feedback.id)
        settled = next((s for s in known if s.thread == thread), None)
        shaping = settled or await bench.store.save_shaping(
            organisation, shaping_of(cast(ShaperState, state.values), feedback, context, thread)
        )
    return Turn(
        thread=thread,
        shown=shown,
        waiting=tuple(c for c in shown if c["claim"] in payload["claims"]),
        problems=tuple(payload["problems"]),
        claims=tuple(claims),
        shaping=shaping,
        cited={c["id"]: context.checker.citations(c["quotes"]) for c in claims},
    )


async def shaping_context(bench: Workbench, feedback: Feedback) -> ShapingContext:
    """Everything that shaping this feedback may look at, under the contract version that it was given under."""
    organisation = feedback.organisation
    search = await bench.store.search(organisation, feedback.search)
    contract = await bench.store.contract(organisation, feedback.search, feedback.contract_version)
    transcript = await bench.store.transcript(organisation, feedback.interview)
    interview = await bench.store.interview(organisation, feedback.interview)
    evidence = await _evidence(bench, organisation, transcript, contract)
    names = frozenset({interview.candidate.name, *[s.name for s in search.panel]})
    return ShapingContext(
        judgements=bench.judgements,
        contract=contract,
        evidence=evidence,
        checker=Checker(evidence=evidence, contract=contract, embedder=bench.embedder, names=names),
        candidate=interview.candidate.name,
        focus=frozenset(c for s in search.panel if s.interview == feedback.interview and s.person == feedback.interviewer for c in s.focus),
        panel=_panel(search, feedback),
    )


def _panel(search: Search, feedback: Feedback) -> dict[str, tuple[str, ...]]:
    """Who else on the panel probes each criterion."""
    others = [s for s in search.panel if s.person != feedback.interviewer]
    return {c: tuple(s.name for s in others if c in s.focus) for s in others for c in s.focus}


async def _evidence(bench: Workbench, organisation: OrganisationId, transcript: Transcript, contract: Contract) -> Evidence:
    key = f"{transcript.digest}:{contract.wording}"
    if key not in bench.evidence:

        async def near_to(text: str) -> dict[int, Nearness]:
            return await nearness(text, organisation, transcript.interview, index=bench.index, embedder=bench.embedder)

        bench.evidence[key] = await Evidence.gather(transcript, contract, near_to, bench.embedder)
        while len(bench.evidence) > KEPT_EVIDENCE:
            bench.evidence.popitem(last=False)
    return bench.evidence[key]
