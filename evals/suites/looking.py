"""One claim or question looked for in interviews on record, as `find` does it, and what came of that.

Where the record knows who the candidate is, only the candidate's words are looked through: claims of feedback are about what they said.
"""

import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.reading import reader
from agents.workbench import Workbench
from alignment.people import Role
from alignment.record import InterviewId, OrganisationId
from alignment.transcript import Transcript, Utterance
from evals.case import Case, Outcome, Step, Sums
from evals.running.conditions import Conditions
from evals.scorers.rankings import in_time, measured, sureness
from evals.scorers.spans import Span, overlap_s
from retrieval.index import Scope
from retrieval.moments import Moment, find_moments
from retrieval.stretches import stretches_of

SCOPES = ("own", "pooled")
WANTED = 10
SHOWN = 3
SHOWN_CHARS = 300
LYING_IN = 0.5
"""How much of an utterance, or of a moment told by the clock, has to lie in the other for the utterance to be one of the moment's."""

Turn = tuple[str, int]


@dataclass(frozen=True)
class Found:
    """What one looking brought: the turns best first, when the words to cite were said, and the product's scores."""

    turns: tuple[Turn, ...]
    spans: tuple[Span | None, ...]
    scores: tuple[float, ...] = ()
    took_ms: float = 0.0

    @property
    def ranking(self) -> list[str]:
        """The turns as names."""
        return [f"{name} {turn}" for name, turn in self.turns]


@dataclass(frozen=True)
class Held:
    """Interviews on record by name, and which of their turns may be an answer, longest first."""

    bench: Workbench
    organisation: OrganisationId
    ids: Mapping[str, InterviewId]
    transcripts: Mapping[str, Transcript]
    open: tuple[Turn, ...]
    search: str | None

    def utterance(self, turn: Turn) -> Utterance:
        """The words of a turn."""
        return self.transcripts[turn[0]].utterances[turn[1]]

    def roles(self, *names: str) -> tuple[str, ...]:
        """To whose words the interviews of these names are narrowed: the candidate's where each of them knows the candidate."""
        return (Role.CANDIDATE.value,) if all(_knows(self.transcripts[name]) for name in names) else ()

    def scope(self, name: str, scope: str) -> Scope:
        """One interview, or all of them."""
        if scope == "own":
            return Scope(self.organisation, search=self.search, interviews=(self.ids[name],), roles=self.roles(name))
        return Scope(self.organisation, search=self.search, roles=self.roles(*self.transcripts))

    async def find(self, text: str, name: str, scope: str) -> Found:
        """What the product finds."""
        began = time.perf_counter()
        moments = await find_moments(
            text,
            self.scope(name, scope),
            index=self.bench.index,
            embedder=self.bench.embedder,
            transcripts=reader(self.bench, self.organisation),
            limit=WANTED,
        )
        return self._found(moments, (time.perf_counter() - began) * 1000)

    def _found(self, moments: Sequence[Moment], took_ms: float) -> Found:
        names = {interview: name for name, interview in self.ids.items()}
        return Found(
            turns=tuple((names[m.interview], u) for m in moments for u in m.utterances),
            spans=tuple((m.start_s, m.end_s) if m.start_s is not None and m.end_s is not None else None for m in moments),
            scores=tuple(m.score for m in moments),
            took_ms=took_ms,
        )

    def right(self, case: Case) -> list[Turn]:
        """The turns that are right for a case: those told, or those that may be an answer and lie in a moment told by the clock."""
        name = case.given["interview"]
        if "turns" in case.expected:
            return [(name, turn) for turn in case.expected["turns"]]
        spans = case.expected["spans"]
        return [t for t in sorted(self.open) if t[0] == name and any(_lies_in(self.utterance(t), s) for s in spans)]


async def held_of(bench: Workbench, organisation: OrganisationId, ids: Mapping[str, InterviewId], search: str | None = None) -> Held:
    """The interviews with their transcripts."""
    transcripts = {name: await bench.store.transcript(organisation, id) for name, id in ids.items()}
    turns = [
        (name, u.index)
        for name, t in transcripts.items()
        for u in t.utterances
        if u.text.strip() and (not _knows(t) or t.speaker(u.speaker).role is Role.CANDIDATE)
    ]
    turns.sort(key=lambda t: (-len(transcripts[t[0]].utterances[t[1]].text.split()), t))
    return Held(bench, organisation, ids, transcripts, tuple(turns), search)


async def each_looked_for(held: Held, cases: Sequence[Case], given: Conditions) -> AsyncIterator[Outcome]:
    """Every case asked of all that is held and of its own interview."""
    if cases:
        # The first question loads the model; a service has done that long before.
        await held.bench.embedder.embed(["warm", "up"])
    for case in cases:
        yield await looked_for(held, case, given)


def _knows(transcript: Transcript) -> bool:
    return any(s.role is Role.CANDIDATE for s in transcript.speakers)


def _lies_in(utterance: Utterance, moment: Span) -> bool:
    at = utterance.time_at(0, len(utterance.text))
    shorter = min(at[1] - at[0], moment[1] - moment[0]) if at else 0.0
    return at is not None and overlap_s(at, moment) > LYING_IN * shorter


async def looked_for(held: Held, case: Case, given: Conditions) -> Outcome:
    """The outcome of one case, looked for among all interviews and then in its own, which finds the words already embedded."""
    began, name, text = time.perf_counter(), case.given["interview"], case.given["text"]
    try:
        found = {scope: await held.find(text, name, scope) for scope in ("pooled", "own")}
    except Exception as e:  # a crash is data
        return Outcome.crash(case, e, repeat=given.repeat, took_s=time.perf_counter() - began)
    took_s, right = time.perf_counter() - began, held.right(case)
    if not right:
        why = "no utterance that may be an answer lies in its moments"
        return Outcome.unscorable(case, why, repeat=given.repeat, took_s=took_s)
    guesses = {scope: _guesses(held, name, scope, random.Random(f"{given.seed} {case.id} {scope}")) for scope in SCOPES}
    controls = {
        control: _sums(case, {s: Found(tuple(turns), tuple(_middle(held.utterance(t)) for t in turns)) for s, turns in by.items()}, right)
        for control in ("constant", "random")
        for by in [{scope: guesses[scope][control] for scope in SCOPES}]
    }
    took = {f"{scope}_ms": round(f.took_ms, 3) for scope, f in found.items()}
    hits = {scope: [turn in right for turn in f.turns] for scope, f in found.items()}
    return Outcome.of(
        case,
        repeat=given.repeat,
        sums={**_sums(case, found, right), **took, "asked": 1.0},
        marks={f"{scope}_among_5": any(hits[scope][:5]) for scope in SCOPES},
        controls=controls,
        sureness=((sureness(found["own"].scores), any(hits["own"][:1])),),
        answer={"id": case.given["id"], **{scope: [list(t) for t in f.turns] for scope, f in found.items()}},
        trace=tuple(_steps(held, case, found, right)),
        took_s=took_s,
    )


def _sums(case: Case, found: Mapping[str, Found], right: Sequence[Turn]) -> Sums:
    kind = case.slices["kind"]
    names = [f"{name} {turn}" for name, turn in right]
    values = measured({scope: f.ranking for scope, f in found.items()}, names)
    sums = {f"{kind}_{scope}_{measure}": v for scope, of in values.items() for measure, v in of.items()}
    sums |= {f"{kind}_{scope}_n": 1.0 for scope in values}
    if spans := case.expected["spans"]:
        sums |= {f"{kind}_{name}": v for name, v in in_time(found["own"].spans, spans).items()} | {f"{kind}_timed": 1.0}
    return sums


def _guesses(held: Held, name: str, scope: str, drawn: random.Random) -> dict[str, list[Turn]]:
    """Turns that nobody looked for: the longest, and some at random."""
    turns = [t for t in held.open if scope == "pooled" or t[0] == name]
    return {"constant": turns[:WANTED], "random": drawn.sample(turns, min(WANTED, len(turns)))}


def _middle(utterance: Utterance) -> Span | None:
    pieces = stretches_of(utterance)
    middle = pieces[len(pieces) // 2]
    return utterance.time_at(middle.start, middle.end)


def _steps(held: Held, case: Case, found: Mapping[str, Found], right: Sequence[Turn]) -> list[Step]:
    steps = [Step(kind="asked", text=case.given["text"])]
    steps += [Step(kind="noted", text=_words(held, t), data={"right": True, "interview": t[0], "turn": t[1]}) for t in right[:SHOWN]]
    for scope in SCOPES:
        for t in found[scope].turns[:SHOWN]:
            told: dict[str, Any] = {"scope": scope, "interview": t[0], "turn": t[1], "right": t in right}
            steps.append(Step(kind="retrieved", text=_words(held, t), data=told))
    return steps


def _words(held: Held, turn: Turn) -> str:
    said = held.utterance(turn)
    return f"{said.speaker}: {said.text}"[:SHOWN_CHARS]
