"""Meetings with claims and questions that people linked to their turns: how they are told in files, and how they come on record.

A file tells one meeting: `{"meeting_id", "turns": [{"i", "speaker", "text", "start", "end"}], "claims": […], "queries": […]}`;
`evals/samples/retrieval/README.md` says what stands in each.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.desk import RECORDED_ELSEWHERE, SearchPlan, consent_from, open_interview, open_search, organisation_of
from agents.ingestion import ingest
from agents.workbench import Workbench
from alignment.errors import BadRequest
from alignment.people import Search
from alignment.record import InterviewId
from alignment.transcript import Utterance
from corpus.importers import Parsed

SPECIFIC = "qmsum_specific"
"""The source of a claim about one part of a meeting; those about a whole meeting rest on no moment and are not asked."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """One claim or question of a meeting, the turns that people linked to it, and when what they linked was said, in seconds."""

    id: str
    kind: str
    text: str
    relevant: frozenset[int]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """One meeting: its turns as a parsed transcript (turn i is utterance i), what is asked of it, and of what kind it is."""

    name: str
    parsed: Parsed
    asked: tuple[Asked, ...]
    domain: str = ""


def read_meetings(folder: Path, split: str = "val") -> list[Meeting]:
    """The meetings in DIR/moments/<split>, in DIR/<split> or in DIR itself, whichever is there first."""
    return meetings_in(next((p for p in (folder / "moments" / split, folder / split) if any(p.glob("*.json"))), folder))


def meetings_in(folder: Path) -> list[Meeting]:
    """The meetings told in a folder's files, sorted by file; BadRequest names a file that tells none."""
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def tells_meetings(folder: Path) -> bool:
    """Whether the folder's first JSON file looks like a meeting."""
    first = next(iter(sorted(folder.glob("*.json"))), None)
    try:
        told = json.loads(first.read_text(encoding="utf-8")) if first else None
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and {"meeting_id", "turns"} <= told.keys()


def _read(path: Path) -> Meeting:
    try:
        return _meeting(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as e:
        todo = "The layout stands in evals/samples/retrieval/README.md."
        raise BadRequest(f"That tells no meeting: {type(e).__name__} {e}", where=str(path), todo=todo) from e


def _meeting(told: dict[str, Any]) -> Meeting:
    said = tuple(
        Utterance(index=t["i"], speaker=t["speaker"], text=t["text"], start_s=t.get("start"), end_s=t.get("end")) for t in told["turns"]
    )
    if [u.index for u in said] != list(range(len(said))):
        raise ValueError("turns are numbered from 0 in their order")
    labels = tuple(dict.fromkeys(u.speaker for u in said))
    asked = (*_claims(told.get("claims", ())), *_questions(told.get("queries", ()), said))
    if beyond := sorted({turn for a in asked for turn in a.relevant if not 0 <= turn < len(said)}):
        raise ValueError(f"there is no turn {beyond[0]}")
    # A claim that stands twice under one id is asked once: who scores these files elsewhere keeps the last as well.
    once = {a.id: a for a in asked}
    parsed = Parsed(format="meeting", labels=labels, utterances=said, source_digest=told["meeting_id"])
    return Meeting(told["meeting_id"], parsed, tuple(once.values()), told.get("domain") or "")


def _claims(rows: Iterable[dict[str, Any]]) -> list[Asked]:
    return [
        Asked(
            c["cid"],
            "claims",
            c["claim"],
            frozenset(e["turn"] for e in c["evidence"]),
            _spans((e.get("start"), e.get("end")) for e in c["evidence"]),
        )
        for c in rows
        if c["evidence"] and c.get("source", SPECIFIC) == SPECIFIC
    ]


def _questions(rows: Iterable[dict[str, Any]], said: Sequence[Utterance]) -> list[Asked]:
    return [
        Asked(
            q["qid"],
            "questions",
            q["query"],
            frozenset(q["relevant_turn_ids"]),
            _spans((said[t].start_s, said[t].end_s) for t in q["relevant_turn_ids"] if 0 <= t < len(said)),
        )
        for q in rows
        if q["relevant_turn_ids"]
    ]


def _spans(times: Iterable[tuple[float | None, float | None]]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys((a, b) for a, b in times if a is not None and b is not None and b > a))


async def take_in(bench: Workbench, meetings: Sequence[Meeting]) -> dict[str, InterviewId]:
    """Every meeting stored and indexed as an interview; those that already are cost nothing. Interview ids by meeting."""
    organisation = await organisation_of(bench)
    search = await open_search(bench, organisation.id, SearchPlan(slug="meetings", title="Meetings"))
    return {m.name: await _take_in(bench, search, m) for m in meetings}


async def _take_in(bench: Workbench, search: Search, meeting: Meeting) -> InterviewId:
    interview = await open_interview(bench, search, meeting.name, "Nobody")
    await ingest(bench, search.organisation, interview, meeting.parsed, consent=consent_from(RECORDED_ELSEWHERE))
    return interview.id
