"""The shaper's graph: split, screen, find, tie, weigh, draft, verify, stop for the interviewer, settle.

Nodes are verbs and write nothing to the store; `agents/turns.py` saves what a finished conversation amounts to, once.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agents.feedback_shaper import replies
from agents.feedback_shaper.checking import Checker, unprintable
from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.judgements import ClaimDraft, CriterionView, DraftIn, Judgements, MomentView, ScreenIn, SplitIn, TieIn, WeighIn
from agents.feedback_shaper.rules import drafting
from agents.feedback_shaper.rules.injections import is_addressed
from agents.feedback_shaper.state import ClaimState, QuoteState, ShaperState
from alignment.contract import Contract
from alignment.feedback import Polarity, Verdict
from alignment.record import derived_id
from alignment.transcript import Certainty

MOMENTS_SHOWN = 3
LONGEST_DRAFT = 2000
FITNESS = (Verdict.NOT_JOB_RELATED, Verdict.TOO_VAGUE)
WEIGHED = (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE)
RESTING = (Verdict.SUPPORTED, Verdict.CONTRADICTED)
"""Whoever judges: what a screen may say, what a weighing may say, and which verdicts rest on a moment."""


@dataclass(frozen=True)
class ShapingContext:
    """What one run may look at: the judgements, the contract version, the record, and the panel plan of this interview."""

    judgements: Judgements
    contract: Contract
    evidence: Evidence
    checker: Checker
    candidate: str
    focus: frozenset[str]
    panel: dict[str, tuple[str, ...]]

    def criterion_view(self, id: str | None) -> CriterionView | None:
        """One criterion as judgements see it, without signals."""
        found = self.contract.criterion(id) if id else None
        if found is None:
            return None
        return CriterionView(
            id=found.id,
            spoken=found.spoken,
            text=found.text,
            said=found.shown_by,
            focus=found.id in self.focus,
            panel=self.panel.get(found.id, ()),
        )


async def split(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """The raw text as claims, and whatever in it or in the transcript addresses an AI reader."""
    context = runtime.context
    out = await context.judgements.split_claims(SplitIn(raw=state["raw"], candidate=context.candidate))
    raw = state["raw"]
    drafts = [d for d in out.claims if 0 <= d.start < d.end <= len(raw) and raw[d.start : d.end].strip()]
    drafts = [d for d in drafts if not is_addressed(raw, d.start, d.end)]
    claims = [await _new_claim(context, state, n, d) for n, d in enumerate(drafts)]
    return {"claims": claims, "injections": context.checker.injections(state["raw"])}


async def screen(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """Which claims are not about the job, or name nothing."""

    async def change(claim: ClaimState) -> ClaimState:
        out = await runtime.context.judgements.screen_claim(ScreenIn(span=claim["span"], signals=claim["signals"]))
        if out.verdict not in FITNESS:
            return claim
        why = runtime.context.checker.reason(out.why, claim) if out.verdict is Verdict.NOT_JOB_RELATED else out.why
        return {**claim, "verdict": out.verdict.value, "why": why}

    return await _each(state, lambda _: True, change)


async def tie(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """The criterion of every claim that can be shaped, or none."""
    context = runtime.context
    plain = [v for c in context.contract.criteria if (v := context.criterion_view(c.id))]

    async def change(claim: ClaimState) -> ClaimState:
        views = await context.checker.criterion_views(claim["span"], plain)
        moments = await context.evidence.moments(claim["span"])
        given = TieIn(span=claim["span"], polarity=Polarity(claim["polarity"]), criteria=views, moments=moments, signals=claim["signals"])
        out = await context.judgements.tie_to_criterion(given)
        return {**claim, "criterion": out.criterion if context.contract.criterion(out.criterion or "") else None}

    return await _each(state, _unjudged, change)


async def weigh(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """What the record says of every claim that can be shaped, and the moments that it rests on."""
    context = runtime.context

    async def change(claim: ClaimState) -> ClaimState:
        moments = await context.evidence.moments(claim["span"])
        given = WeighIn(
            span=claim["span"],
            polarity=Polarity(claim["polarity"]),
            criterion=context.criterion_view(claim["criterion"]),
            moments=moments,
            signals=claim["signals"],
        )
        out = await context.judgements.weigh_evidence(given)
        known = {m.label for m in moments}
        labels = [x for x in dict.fromkeys(out.moments) if x in known][:MOMENTS_SHOWN]
        verdict = out.verdict if out.verdict in WEIGHED and (labels or out.verdict not in RESTING) else Verdict.NO_EVIDENCE
        return {
            **claim,
            "verdict": verdict.value,
            "asserted": out.assertable and verdict in RESTING,
            "labels": labels,
            "resting": out.resting,
        }

    return await _each(state, _unjudged, change)


async def draft(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """A statement where the verdict may be asserted, else a question; with the quotes that each rests on."""
    context = runtime.context

    async def change(claim: ClaimState) -> ClaimState:
        views = await _views(context, claim)
        asked = [q for v in views[:1] if (q := context.checker.question_before(v)) is not None]
        return await _drafted(context, {**claim, "quotes": [_quote(v, v.text) for v in views], "asked": asked}, views)

    return await _each(state, _shaped, change)


async def verify(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """Every quote against the record and every sentence against its citations; what fails becomes a question."""
    context = runtime.context

    async def change(claim: ClaimState) -> ClaimState:
        kept, notes = context.checker.keep_verified(claim)
        unrested = not kept["quotes"] and kept["verdict"] in RESTING
        if unrested or (kept["asserted"] and notes):
            verdict = Verdict.NO_EVIDENCE.value if unrested else kept["verdict"]
            kept = await _drafted(context, {**kept, "asserted": False, "verdict": verdict}, await _views(context, kept))
        kept = {**kept, "notes": [*kept["notes"], *notes]}
        return kept if kept["asserted"] else await _plainly_asked(context, kept)

    return await _each(state, _shaped, change)


async def ask(state: ShaperState, runtime: Runtime[ShapingContext]) -> ShaperState:
    """Stop for the interviewer: accept, edit, choose a moment or withdraw, claim by claim."""
    waiting = [c for c in state["claims"] if not c["reply"] and _shaped(c)]
    if not waiting:
        return {"problems": []}
    # As JSON, since whatever is answered goes through the checkpointer before anybody looks at it.
    answers = json.loads(interrupt({"claims": [c["id"] for c in waiting], "problems": state.get("problems", [])}))
    claims, taken, problems = await replies.take(state["claims"], answers, runtime.context, _restated)
    return {"claims": claims, "answers": [*state.get("answers", []), *taken], "problems": problems}


def settled(state: ShaperState) -> str:
    """Whether every claim has its reply."""
    return "ask" if any(not c["reply"] and _shaped(c) for c in state["claims"]) else END


def build(
    checkpointer: BaseCheckpointSaver[Any] | None = None,
) -> CompiledStateGraph[ShaperState, ShapingContext, ShaperState, ShaperState]:
    """The compiled graph; conversations live in the checkpointer."""
    graph = StateGraph(ShaperState, context_schema=ShapingContext)
    steps = {"split": split, "screen": screen, "tie": tie, "weigh": weigh, "draft": draft, "verify": verify, "ask": ask}
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
    return {"claims": [await change(c) if concerns(c) else c for c in state["claims"]]}


def _unjudged(claim: ClaimState) -> bool:
    return not claim["verdict"]


def _shaped(claim: ClaimState) -> bool:
    return claim["verdict"] != Verdict.NOT_JOB_RELATED


async def _new_claim(context: ShapingContext, state: ShaperState, n: int, draft: ClaimDraft) -> ClaimState:
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
    )


async def _views(context: ShapingContext, claim: ClaimState) -> list[MomentView]:
    by_label = {m.label: m for m in await context.evidence.moments(claim["span"])}
    return [by_label[label] for label in claim["labels"] if label in by_label]


def _draft_in(context: ShapingContext, claim: ClaimState, views: list[MomentView]) -> DraftIn:
    return DraftIn(
        span=claim["span"],
        polarity=Polarity(claim["polarity"]),
        criterion=context.criterion_view(claim["criterion"]),
        verdict=Verdict(claim["verdict"]),
        moments=tuple(_citably_asked(context, v) for v in views),
        candidate=_called(context, views),
    )


async def _drafted(context: ShapingContext, claim: ClaimState, views: list[MomentView]) -> ClaimState:
    given = _draft_in(context, claim, views)
    asserted = claim["asserted"] and bool(views)
    write = context.judgements.draft_statement if asserted else context.judgements.draft_question
    text = (await write(given)).text.strip()
    if not text or len(text) > LONGEST_DRAFT + len(claim["span"]) or unprintable(text):
        text = drafting.statement(given) if asserted else drafting.question(given)
    return {**claim, "asserted": asserted, "text": text}


async def _restated(context: ShapingContext, claim: ClaimState, views: list[MomentView]) -> ClaimState:
    """A statement on the moment that the interviewer chose: the product's own where the draft adds anything to it."""
    drafted = await _drafted(context, claim, views)
    if not drafted["asserted"] or not context.checker.problems(drafted, drafted["text"]):
        return drafted
    return {**drafted, "text": drafting.statement(_draft_in(context, claim, views))}


async def _plainly_asked(context: ShapingContext, claim: ClaimState) -> ClaimState:
    """The question as it was drafted, or the product's own where the draft holds more than the claim and its moments do."""
    own = drafting.question(_draft_in(context, claim, await _views(context, claim)))
    added = context.checker.added(claim["text"], claim) if claim["text"] != own else []
    return {**claim, "text": own, "notes": [*claim["notes"], *added]} if added else claim


def _citably_asked(context: ShapingContext, view: MomentView) -> MomentView:
    """The moment without what was asked before it, where no one utterance holds that question and so nobody can be cited for it."""
    return view if context.checker.question_before(view) else view.model_copy(update={"asked": ""})


def _called(context: ShapingContext, views: list[MomentView]) -> str:
    if not views:
        return "the candidate"
    speaker = context.evidence.transcript.speaker(views[0].speaker)
    return "the candidate" if speaker.certainty is not Certainty.UNMAPPED else f"the speaker labelled {speaker.spoken}"


def _quote(view: MomentView, text: str) -> QuoteState:
    return QuoteState(text=text, speaker=view.speaker, utterances=[int(view.label[1:].split(".")[0])])
