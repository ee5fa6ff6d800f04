"""Whole searches held by the product's own path: taken in under the given contract, every piece of feedback shaped, the packet made.

The suites retrieval, shaping and debrief share this, so that a search is opened once for all of them.
"""

import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents import replay_debrief
from agents.debriefs import debrief
from agents.desk import organisation_of
from agents.feedback_shaper.judgements import MomentView
from agents.folders import criteria_of, take_in, take_in_feedback, take_in_scorecards
from agents.replay import claims_told
from agents.turns import shape, shaping_context
from agents.workbench import Workbench
from alignment.feedback import Feedback
from alignment.people import Search
from corpus.folders import SearchFolder, read_search_folder
from evals.case import Batch, Case, Outcome, Step, Sums
from evals.running.conditions import Conditions, since, spent
from evals.scorers import claims as claim_scorer
from evals.scorers import findings as finding_scorer
from evals.scorers.captions import said_in
from evals.scorers.quotes import Said
from evals.sources import Sources, digest_of
from evals.suites import constant
from evals.suites.gold import debrief_in, feedback_in, told_in
from evals.suites.judged import Overheard
from evals.suites.looking import each_looked_for, held_of

KIND = "search"
SHOWN = 5


def batches(sources: Sources, suite: str, needed: str) -> list[Batch]:
    """One batch a search folder that has those gold answers, with the suite's cases of it."""
    found = []
    for path in sources.searches(needed):
        rows = feedback_in(path / needed) if suite == "shaping" else [{"id": "packet", **debrief_in(path / needed)}]
        slices = _slices(path)
        cases = tuple(
            Case(
                suite=suite,
                id=f"{path.name}/{row['id']}" if suite == "shaping" else path.name,
                group=path.name,
                slices=slices,
                given={"feedback": row["id"]} if suite == "shaping" else {},
                expected={k: v for k, v in row.items() if k != "id"},
            )
            for row in rows
        )
        found.append(Batch(KIND, path, digest_of([path]), cases))
    return found


def _slices(path: Path) -> dict[str, str]:
    told = told_in(path / "search.json")
    return {"role family": str(told.get("role_family") or "not told")}


@dataclass
class Held:
    """One search on record, and what was read of its files for the scorers."""

    bench: Workbench
    search: Search
    folder: SearchFolder
    names: dict[str, str]
    said: dict[str, list[Said]]
    criteria: tuple[str, ...]
    overheard: Overheard
    seed: int

    @property
    def raws(self) -> dict[str, str]:
        """The feedback by its id."""
        return {row.id: row.raw for row in self.folder.feedback}


async def hold(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """What is sought in the interviews first, then the pieces of feedback, and then the packet."""
    path = batch.source
    folder = read_search_folder(path)
    async with given.workbench() as bench:
        organisation = await organisation_of(bench)
        criteria = criteria_of(path, folder)
        search, _ = await take_in(bench, organisation.id, folder, criteria, lambda _: None)
        ids = {i.name: i.id for i in await bench.store.interviews(organisation.id, search.id)}
        sought = [case for case in batch.cases if case.suite == "retrieval"]
        async for outcome in each_looked_for(await held_of(bench, organisation.id, ids, search=search.id), sought, given):
            yield outcome
        names = {str(id): name for name, id in ids.items()}
        said = {name: said_in(file) for name, file in folder.interviews.items()}
        overheard = Overheard(given.seed)
        overheard.listen(bench)
        held = Held(bench, search, folder, names, said, tuple(c.id for c in criteria), overheard, given.seed)
        wanted: dict[str, dict[str, Case]] = defaultdict(dict)
        for case in batch.cases:
            wanted[case.suite][case.given.get("feedback", "")] = case
        for feedback in await take_in_feedback(bench, search, folder):
            name = feedback.name or ""
            if name in wanted["shaping"]:
                case = wanted["shaping"].pop(name)
                yield await _shaped(held, case, feedback)
        for case in wanted["shaping"].values():
            yield Outcome.unscorable(case, "the search has no feedback with that id")
        if packet := wanted["debrief"].get(""):
            yield await _packet(held, packet)


async def _shaped(held: Held, case: Case, feedback: Feedback) -> Outcome:
    before, began = spent(held.bench), time.perf_counter()
    try:
        turn = await shape(held.bench, feedback.organisation, feedback.id)
    except Exception as e:  # a crash is data
        return Outcome.crash(case, e, took_s=time.perf_counter() - began, cost=since(before, spent(held.bench)))
    took_s, cost = time.perf_counter() - began, since(before, spent(held.bench))
    interview = held.names[feedback.interview]
    told = claims_told(turn, interview)
    try:
        sums, marks, controls = _scored(held, case, feedback, told)
    except Exception as e:  # the product has answered, and this is no crash of it
        return Outcome.unscorable(case, f"the answer cannot be scored: {type(e).__name__}: {e}", took_s=took_s, cost=cost)
    retrieved = await _retrieved(held, feedback, told)
    shown = _steps(feedback, told, retrieved)
    answer = {"claims": told, "ragas": _for_ragas(feedback, told, retrieved)}
    return Outcome.of(case, sums=sums, marks=marks, controls=controls, answer=answer, trace=shown, took_s=took_s, cost=cost)


Scored = tuple[Sums, dict[str, bool], dict[str, Sums]]


def _scored(held: Held, case: Case, feedback: Feedback, told: list[dict[str, Any]]) -> Scored:
    """The sums and marks of one piece of feedback, and the sums of its controls."""
    interview, gold = held.names[feedback.interview], case.expected["claims"]
    sums, marks = claim_scorer.scored(gold, told, feedback.raw, interview, held.said)
    controls = {
        name: claim_scorer.scored(gold, answer, feedback.raw, interview, held.said)[0]
        for name, answer in _without_understanding(held, case, feedback, interview).items()
    }
    for name, own in held.overheard.sums(gold, told, claim_scorer.aligned(gold, told, feedback.raw)[0]).items():
        (controls.setdefault(name, {}) if name else sums).update(own)
    return sums, marks, controls


def _without_understanding(held: Held, case: Case, feedback: Feedback, interview: str) -> dict[str, list[dict[str, Any]]]:
    focus = next((p.focus for p in held.folder.panel if p.interview == interview and p.focus), ("M1",))
    drawn = random.Random(f"{held.seed} {case.id}")
    return {
        "constant": constant.claims(feedback.raw, focus),
        constant.NEVER: constant.claims(feedback.raw, focus, "no_evidence"),
        "random": constant.random_claims(feedback.raw, interview, held.said, drawn),
    }


async def _retrieved(held: Held, feedback: Feedback, told: list[dict[str, Any]]) -> list[Sequence[MomentView]]:
    """The nearest moments of each claim: a second retrieval after the answer, of what its judge would be shown, not what it was."""
    context = await shaping_context(held.bench, feedback)
    return [(await context.evidence.moments(claim["span"]))[:SHOWN] for claim in told]


def _steps(feedback: Feedback, told: list[dict[str, Any]], retrieved: list[Sequence[MomentView]]) -> tuple[Step, ...]:
    steps = [Step(kind="asked", text=feedback.raw)]
    for claim, moments in zip(told, retrieved, strict=True):
        steps.append(Step(kind="claimed", text=claim["span"], data={"polarity": claim["polarity"]}))
        steps += [Step(kind="retrieved", text=m.text, data={"label": m.label, "minute": m.minute, **m.signals}) for m in moments]
        judged = {"criterion": claim["criterion"], "verdict": claim["verdict"], "by": claim["judged"]}
        steps.append(Step(kind="judged", text=claim["verdict"], data=judged))
        steps += [Step(kind="verified", text=c["quote"], data={k: v for k, v in c.items() if k != "quote"}) for c in claim["citations"]]
        steps += [Step(kind="refused", text=note) for note in claim["notes"]]
        shown = claim["statement"] or claim["question"] or claim["set_aside"] or ""
        steps.append(Step(kind="answered", text=shown, data={"as": "statement" if claim["statement"] else "question"}))
    return tuple(steps)


def _for_ragas(feedback: Feedback, told: list[dict[str, Any]], retrieved: list[Sequence[MomentView]]) -> dict[str, Any]:
    """What a judge of answers is given: the wording that people see, what it quotes, and what was retrieved for it."""
    said = [text for claim in told for text in (claim["statement"], claim["question"]) if text]
    contexts = {m.label: m.text for moments in retrieved for m in moments}
    return {
        "question": feedback.raw,
        "response": " ".join(said),
        "quotes": [c["quote"] for claim in told for c in claim["citations"]],
        "contexts": [{"id": label, "text": text} for label, text in contexts.items()],
    }


async def _packet(held: Held, case: Case) -> Outcome:
    before, began = spent(held.bench), time.perf_counter()
    try:
        await take_in_scorecards(held.bench, held.search, held.folder)
        told = replay_debrief.told(*await debrief(held.bench, held.search))
    except Exception as e:  # a crash is data
        return Outcome.crash(case, e, took_s=time.perf_counter() - began, cost=since(before, spent(held.bench)))
    took_s, cost = time.perf_counter() - began, since(before, spent(held.bench))
    criteria, gold = held.criteria, case.expected
    try:
        sums, marks = finding_scorer.scored(gold, told, criteria, held.raws, held.said)
        control = finding_scorer.scored(gold, constant.debrief(held.folder), criteria, held.raws, held.said)[0]
    except Exception as e:  # the product has answered, and this is no crash of it
        return Outcome.unscorable(case, f"the packet cannot be scored: {type(e).__name__}: {e}", took_s=took_s, cost=cost)
    steps = [
        Step(kind="answered", text=f"{kind}: {finding.get('text') or finding.get('what') or finding.get('criterion') or ''}", data=finding)
        for kind in ("conflicts", "missing", "over_indexing", "drift", "unsupported", "injections")
        for finding in told[kind]
    ]
    answer = {"debrief": told}
    return Outcome.of(
        case, sums=sums, marks=marks, controls={"constant": control}, answer=answer, trace=tuple(steps), took_s=took_s, cost=cost
    )
