"""The shaper's graph: split, screen, tie, weigh, word and verify, stop for the interviewer, settle.

Nodes are verbs and write nothing to the store; `agents/turns.py` saves what a finished conversation amounts to, once.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agents.feedback_shaper import crosscheck, drafts, replies
from agents.feedback_shaper.context import ShapingContext
from agents.feedback_shaper.judgements import ClaimDraft, ScreenIn, SplitIn, TieIn, WeighIn
from agents.feedback_shaper.state import ClaimState, ShaperState
from agents.feedback_shaper.telling import Telling
from agents.language.injections import is_addressed
from agents.seam import By
from alignment.feedback import Polarity, Verdict
from alignment.record import derived_id

MOMENTS_SHOWN = 3
FITNESS = (Verdict.NOT_JOB_RELATED, Verdict.TOO_VAGUE)
WEIGHED = (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE)
RESTING = (Verdict.SUPPORTED, Verdict.CONTRADICTED)
"""Whoever judges: what a screen may say, what a weighing may say, and which verdicts rest on a moment."""


async def split(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """The raw text as claims, and whatever in it or in the transcript addresses an AI reader."""
    context = runtime.context
    raw = state["raw"]
    out = await context.judgements.split_claims(SplitIn(raw=raw, candidate=context.candidate))
    drafts = [d for d in out.claims if 0 <= d.start < d.end <= len(raw) and raw[d.start : d.end].strip()]
    if not context.by_rules(out.by):
        drafts = await crosscheck.with_what_was_left_out(raw, drafts, SplitIn(raw=raw, candidate=context.candidate))
    drafts = [d for d in drafts if not is_addressed(raw, d.start, d.end)]
    claims = [await _new_claim(context, state, n, d, out.by) for n, d in enumerate(drafts)]
    return {"claims": claims, "injections": context.checker.injections(raw)}


async def screen(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """Which claims are not about the job, or name nothing."""
    context = runtime.context

    async def change(claim: ClaimState) -> ClaimState:
        given = ScreenIn(span=claim["span"], signals=claim["signals"])
        out = await context.judgements.screen_claim(given)
        claim = context.recorded(claim, "screen", out.by)
        read = crosscheck.Screened(out.verdict if out.verdict in FITNESS else None)
        if not context.by_rules(out.by):
            read = await crosscheck.screened(read.verdict, given)
            claim = {**claim, "doubted": claim["doubted"] or read.doubted, "notes": [*claim["notes"], *([read.note] if read.note else [])]}
        if read.verdict is None:
            return claim
        why = context.checker.reason(claim) if read.verdict is Verdict.NOT_JOB_RELATED else out.why
        return {**claim, "verdict": read.verdict.value, "why": why}

    return await _each(state, lambda _: True, change)


async def tie(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """The criterion of every claim that can be shaped, or none."""
    context = runtime.context
    plain = [v for c in context.contract.criteria if (v := context.criterion_view(c.id))]

    async def change(claim: ClaimState) -> ClaimState:
        views = await context.checker.criterion_views(claim["span"], plain)
        moments = await context.moments(claim["span"])
        given = TieIn(span=claim["span"], polarity=Polarity(claim["polarity"]), criteria=views, moments=moments, signals=claim["signals"])
        out = await context.judgements.tie_to_criterion(given)
        claim = context.recorded(claim, "tie", out.by)
        notes = claim["notes"] if context.by_rules(out.by) else [*claim["notes"], *await crosscheck.tied_apart(out, given)]
        return {**claim, "criterion": out.criterion if context.contract.criterion(out.criterion or "") else None, "notes": notes}

    return await _each(state, _unjudged, change)


async def weigh(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """What the record says of every claim that can be shaped, and the moments that it rests on."""
    context = runtime.context

    async def change(claim: ClaimState) -> ClaimState:
        moments = await context.moments(claim["span"])
        given = WeighIn(
            span=claim["span"],
            polarity=Polarity(claim["polarity"]),
            criterion=context.criterion_view(claim["criterion"]),
            moments=moments,
            signals=claim["signals"],
        )
        out = await context.judgements.weigh_evidence(given)
        claim = context.recorded(claim, "weigh", out.by)
        known = {m.label: m for m in moments}
        labels = [x for x in dict.fromkeys(out.moments) if x in known][:MOMENTS_SHOWN]
        verdict = out.verdict if out.verdict in WEIGHED and (labels or out.verdict not in RESTING) else Verdict.NO_EVIDENCE
        asserted, notes = out.assertable and verdict in RESTING, list[str]()
        resting = min(out.resting, max(1, len(labels)))
        if not context.by_rules(out.by):
            cited = context.checker.citable([drafts.quote_of(known[x]) for x in labels[:resting]])
            verdict, asserted, notes = await crosscheck.weighed(verdict, asserted, given, labels, cited, doubted=claim["doubted"])
        return {
            **claim,
            "verdict": verdict.value,
            "asserted": asserted,
            "labels": labels,
            "resting": resting,
            "notes": [*claim["notes"], *notes],
        }

    return await _each(state, _unjudged, change)


async def word(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """A statement where the verdict may be asserted, else a question; verified, checked, and only then told."""
    tell = Telling(runtime.stream_writer)

    async def change(claim: ClaimState) -> ClaimState:
        return tell.claim(await drafts.worded(runtime.context, claim))

    return await _each(state, _shaped, change)


async def ask(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """Stop for the interviewer: accept, edit, choose a moment or withdraw, claim by claim."""
    waiting = [c for c in state["claims"] if not c["reply"] and _shaped(c)]
    if not waiting:
        return {"problems": []}
    # As JSON, since whatever is answered goes through the checkpointer before anybody looks at it.
    told = interrupt({"claims": [c["id"] for c in waiting], "problems": state.get("problems", [])})
    sent = json.loads(told) if isinstance(told, str) else told
    # Under a key the answers come with it, so that both are on record in one step.
    keyed = isinstance(sent, dict) and "keyed" in sent
    claims, taken, problems = await replies.take(state["claims"], sent["answers"] if keyed else sent, runtime.context)
    keys = {**state.get("keys", {}), **(sent["keyed"] if keyed else {})}
    return {"claims": claims, "answers": [*state.get("answers", []), *taken], "problems": problems, "keys": keys}


def settled(state: ShaperState) -> str:
    """Whether every claim has its reply."""
    return "ask" if any(not c["reply"] and _shaped(c) for c in state["claims"]) else END


def build(
    checkpointer: BaseCheckpointSaver[Any] | None = None,
) -> CompiledStateGraph[ShaperState, ShapingContext, ShaperState, ShaperState]:
    """The compiled graph; conversations live in the checkpointer."""
    graph = StateGraph(ShaperState, context_schema=ShapingContext)
    steps = {"split": split, "screen": screen, "tie": tie, "weigh": weigh, "word": word, "ask": ask}
    for name, step in steps.items():
        graph.add_node(name, step)
    graph.add_edge(START, "split")
    names = list(steps)
    for before, after in pairwise(names):
        graph.add_edge(before, after)
    graph.add_conditional_edges("ask", settled, ["ask", END])
    return graph.compile(checkpointer=checkpointer)


async def _each(
    state: ShaperState, concerns: Callable[[ClaimState], bool], change: Callable[[ClaimState], Awaitable[ClaimState]]
) -> ShaperState:
    async def kept(claim: ClaimState) -> ClaimState:
        return await change(claim) if concerns(claim) else claim

    try:
        async with asyncio.TaskGroup() as side_by_side:
            tasks = [side_by_side.create_task(kept(c)) for c in state["claims"]]
    except BaseExceptionGroup as e:
        # One failure ends the others; it is told as itself, not as a group of one.
        raise e.exceptions[0] from None
    return {"claims": [t.result() for t in tasks]}


def _unjudged(claim: ClaimState) -> bool:
    return not claim["verdict"]


def _shaped(claim: ClaimState) -> bool:
    return claim["verdict"] != Verdict.NOT_JOB_RELATED


async def _new_claim(context: ShapingContext, state: ShaperState, n: int, draft: ClaimDraft, by: By) -> ClaimState:
    span = state["raw"][draft.start : draft.end]
    return ClaimState(
        id=derived_id("clm", state["feedback"], str(n), str(draft.start), str(draft.end)),
        span=span,
        start=draft.start,
        end=draft.end,
        polarity=draft.polarity.value,
        signals=await context.checker.kinds(span),
        criterion=None,
        verdict="",
        why="",
        asserted=False,
        labels=[],
        resting=1,
        quotes=[],
        asked=[],
        text="",
        notes=[],
        reply="",
        edited=False,
        judged={"split": {**by.model_dump(), "who": by.who or context.judgements.by}},
        doubted=not context.by_rules(by) and crosscheck.leans_apart(span, draft.polarity),
    )
