"""Finding the moment, measured on real meetings: `python -m evals.moments --data DIR [--home HOME] [--out RUN.jsonl] [--limit N]`.

Every meeting is imported as an interview into a home of its own, the way a user's would be, and every question is asked with
`find_moments`: once of its own meeting, once of all meetings together. RUN.jsonl is what score_moments.py of the shared tools reads.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from agents.desk import RECORDED_ELSEWHERE, SearchPlan, consent_from, open_interview, open_search, organisation_of
from agents.ingestion import ingest
from agents.reading import reader
from agents.workbench import Workbench, open_workbench
from alignment.people import Search
from alignment.record import InterviewId, OrganisationId
from alignment.settings import load_settings
from alignment.transcript import Utterance
from corpus.importers import Parsed
from retrieval.index import Scope
from retrieval.moments import find_moments

WANTED = 10
KINDS = ("claims", "questions")


@dataclass(frozen=True)
class Asked:
    """One claim or question of a meeting and the turns that people linked to it."""

    id: str
    kind: str
    text: str
    relevant: frozenset[int]


@dataclass(frozen=True)
class Meeting:
    """One meeting: its turns as a parsed transcript (turn i is utterance i) and what is asked of it."""

    name: str
    parsed: Parsed
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Answer:
    """The turns found for one question, best first, as (meeting, turn), and how long that took in milliseconds."""

    asked: Asked
    meeting: str
    scope: str
    turns: tuple[tuple[str, int], ...]
    took_ms: float


def read_meetings(folder: Path, split: str = "val") -> list[Meeting]:
    """The meetings in DIR/moments/<split>, in DIR/<split> or in DIR itself, whichever is there first."""
    places = (folder / "moments" / split, folder / split, folder)
    paths = next((found for place in places if (found := sorted(place.glob("*.json")))), [])
    return [_meeting(json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _meeting(told: dict[str, Any]) -> Meeting:
    turns = told["turns"]
    said = tuple(Utterance(index=t["i"], speaker=t["speaker"], text=t["text"], start_s=t["start"], end_s=t["end"]) for t in turns)
    labels = tuple(dict.fromkeys(u.speaker for u in said))
    claims = [
        Asked(c["cid"], "claims", c["claim"], frozenset(e["turn"] for e in c["evidence"]))
        for c in told["claims"]
        if c["source"] == "qmsum_specific" and c["evidence"]
    ]
    questions = [
        Asked(q["qid"], "questions", q["query"], frozenset(q["relevant_turn_ids"])) for q in told["queries"] if q["relevant_turn_ids"]
    ]
    # A claim that stands twice under one id is asked once: score_moments.py keeps the last.
    once = {a.id: a for a in (*claims, *questions)}
    parsed = Parsed(format="meeting", labels=labels, utterances=said, source_digest=told["meeting_id"])
    return Meeting(name=told["meeting_id"], parsed=parsed, asked=tuple(once.values()))


async def take_in(bench: Workbench, meetings: Sequence[Meeting]) -> dict[str, InterviewId]:
    """Every meeting stored and indexed as an interview; those that already are cost nothing. Interview ids by meeting."""
    organisation = await organisation_of(bench)
    search = await open_search(bench, organisation.id, SearchPlan(slug="meetings", title="Meetings"))
    return {m.name: await _take_in(bench, search, m) for m in meetings}


async def _take_in(bench: Workbench, search: Search, meeting: Meeting) -> InterviewId:
    interview = await open_interview(bench, search, meeting.name, "Nobody")
    await ingest(bench, search.organisation, interview, meeting.parsed, consent=consent_from(RECORDED_ELSEWHERE))
    return interview.id


async def answers(
    bench: Workbench, organisation: OrganisationId, meetings: Sequence[Meeting], ids: dict[str, InterviewId], limit: int
) -> list[Answer]:
    """Each question asked of all meetings and then of its own; the first pays for the embedding. `limit` 0 asks them all."""
    names = {interview: name for name, interview in ids.items()}
    asked = [(m, a) for m in meetings for a in m.asked][: limit or None]

    transcript = reader(bench, organisation)

    async def answer(meeting: Meeting, one: Asked, scope: str) -> Answer:
        place = Scope(organisation, interviews=(ids[meeting.name],) if scope == "own" else ())
        began = time.perf_counter()
        found = await find_moments(one.text, place, index=bench.index, embedder=bench.embedder, transcripts=transcript, limit=WANTED)
        took_ms = (time.perf_counter() - began) * 1000
        return Answer(one, meeting.name, scope, tuple((names[m.interview], u) for m in found for u in m.utterances), took_ms)

    return [await answer(m, a, scope) for m, a in asked for scope in ("pooled", "own")]


def figures(found: Sequence[Answer]) -> Iterator[str]:
    """A line for each kind and scope: R@5, R@10, nDCG@10, and the median and 95th percentile of the time."""
    for kind in KINDS:
        for scope in ("own", "pooled"):
            chosen = [a for a in found if a.asked.kind == kind and a.scope == scope]
            if not chosen:
                continue
            sums: dict[str, float] = defaultdict(float)
            for a in chosen:
                for name, value in _measured(a).items():
                    sums[name] += value / len(chosen)
            took = sorted(a.took_ms for a in chosen)
            p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
            values = " ".join(f"{name}={value:.3f}" for name, value in sums.items())
            yield f"{kind:9} {scope:6} n={len(chosen)} {values} p50={p50:.1f}ms p95={p95:.1f}ms"


def _measured(answer: Answer) -> dict[str, float]:
    relevant = {(answer.meeting, turn) for turn in answer.asked.relevant}
    hits = [turn in relevant for turn in answer.turns]
    ideal = sum(1 / log2(r + 2) for r in range(min(10, len(relevant))))
    gain = sum(1 / log2(r + 2) for r, hit in enumerate(hits[:10]) if hit)
    return {"R@5": sum(hits[:5]) / len(relevant), "R@10": sum(hits[:10]) / len(relevant), "nDCG@10": gain / ideal}


async def run(data: Path, home: Path, limit: int) -> list[Answer]:
    """Import the meetings and ask everything that is asked of them."""
    meetings = read_meetings(data)
    async with open_workbench(load_settings(home=home, organisation="meetings")) as bench:
        ids = await take_in(bench, meetings)
        organisation = await organisation_of(bench)
        # The first question loads the model; a service has done that long before.
        await bench.embedder.embed(["warm", "up"])
        return await answers(bench, organisation.id, meetings, ids, limit)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m evals.moments", description="Finding the moment, measured on real meetings.")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds moments/val")
    parser.add_argument("--home", type=Path, help="keep what is imported here, so that a second run starts at once")
    parser.add_argument("--out", type=Path, help="write the run here, for score_moments.py")
    parser.add_argument("--limit", type=int, default=0, help="ask only so many questions")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        found = asyncio.run(run(given.data, given.home or Path(fresh), given.limit))
    if given.out:
        rows = ({"id": a.asked.id, "scope": a.scope, "turns": a.turns} for a in found)
        given.out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    print("\n".join(figures(found)))


if __name__ == "__main__":
    main()
