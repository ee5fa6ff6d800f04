"""Replaying a whole search told in files: everything through the product's own path, results in the layout of the search folders."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents import replay_debrief
from agents.debriefs import debrief
from agents.desk import open_search, organisation_of
from agents.folders import Told, criteria_of, plan_of, take_in, take_in_feedback, take_in_scorecards
from agents.ingestion import read_file
from agents.intake import intake_transcript
from agents.intake_agent.captured import draft
from agents.turns import Turn, shape
from agents.workbench import Workbench
from alignment.citation import Citation
from alignment.contract import SIGNING_SIDES, Criterion, CriterionKind
from alignment.errors import BadSearch, BadSettings
from alignment.feedback import Verdict
from alignment.settings import RULES
from corpus.folders import read_search_folder
from corpus.importers import UNKNOWN_SPEAKER


async def replay_search(bench: Workbench, path: Path, told: Told) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The lines of shaped.jsonl for one search folder, and its debrief.json: claims as they stand before their interviewers answer."""
    folder = read_search_folder(path)
    organisation = await organisation_of(bench)
    search, _ = await take_in(bench, organisation.id, folder, criteria_of(path, folder), told)
    names = {i.id: i.name for i in await bench.store.interviews(organisation.id, search.id)}
    lines = []
    for feedback in await take_in_feedback(bench, search, folder):
        turn = await shape(bench, organisation.id, feedback.id)
        told(feedback.name)
        lines.append({"id": feedback.name, "claims": claims_told(turn, names[feedback.interview])})
    await take_in_scorecards(bench, search, folder)
    return lines, replay_debrief.told(*await debrief(bench, search))


async def draft_search(bench: Workbench, path: Path) -> dict[str, Any]:
    """What contract.json holds for one search folder: the draft of its contract from the intake call alone."""
    folder = read_search_folder(path, held=False)
    if folder.intake is None:
        raise BadSearch("There is no intake call to draft a contract from", where=str(path), todo="Put it there as intake.vtt.")
    organisation = await organisation_of(bench)
    search = await open_search(bench, organisation.id, plan_of(folder, ()))
    captured = await draft(bench.intake, intake_transcript(search, read_file(folder.intake)))
    return {
        "must_haves": [_line(c) for c in captured.criteria if c.kind is CriterionKind.MUST_HAVE],
        "trade_offs": [_line(c) for c in captured.criteria if c.kind is CriterionKind.TRADE_OFF],
        "deal_breaker": next((_line(c) for c in captured.criteria if c.kind is CriterionKind.DEAL_BREAKER), None),
        "incentives": {side: next((_said(i.text, i.said) for i in captured.incentives if i.side == side), None) for side in SIGNING_SIDES},
        "rejected": [{**_said(d.text, d.said), "why": d.reason} for d in captured.demoted],
        "open_questions": list(captured.open_questions),
        "unverified": list(captured.unverified),
        "judged": {"read": captured.by.who or RULES},
        "notes": [captured.by.why] if captured.by.why else [],
    }


def write_contract(out: Path, contract: dict[str, Any]) -> None:
    """Write contract.json whole or not at all."""
    _write(out, "contract.json", json.dumps(contract, ensure_ascii=False, indent=1) + "\n")


def _line(criterion: Criterion) -> dict[str, Any]:
    return {"id": criterion.id, **_said(criterion.text, criterion.said)}


def _said(text: str, said: Sequence[Citation]) -> dict[str, Any]:
    timed = [[c.start_s, c.end_s] for c in said if c.start_s is not None]
    return {"text": text, "said_at": timed, "quotes": [c.text for c in said], "speakers": [c.spoken for c in said]}


def write_shaped(out: Path, lines: list[dict[str, Any]]) -> None:
    """Write shaped.jsonl whole or not at all."""
    _write(out, "shaped.jsonl", "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def write_debrief(out: Path, debrief: dict[str, Any]) -> None:
    """Write debrief.json whole or not at all."""
    _write(out, "debrief.json", json.dumps(debrief, ensure_ascii=False, indent=1) + "\n")


def _write(out: Path, name: str, text: str) -> None:
    make_room(out)
    try:
        part = out / f"{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(out / name)
    except OSError as e:
        raise _not_written(out, e) from e


def make_room(out: Path) -> None:
    """Make the folder of the results, which is best found impossible before the work and not after it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise _not_written(out, e) from e


def _not_written(out: Path, e: OSError) -> BadSettings:
    return BadSettings(f"The results cannot be written: {e.strerror}", where=str(out), todo="Name a folder that can be written.")


def claims_told(turn: Turn, interview: str) -> list[dict[str, Any]]:
    """The claims of one piece of feedback as shaped.jsonl has them."""
    return [_claim(c, turn, interview) for c in turn.claims]


def _claim(claim: Any, turn: Turn, interview: str) -> dict[str, Any]:
    shown = next(w for w in turn.shown if w["claim"] == claim["id"])
    return {
        "span": claim["span"],
        "criterion": claim["criterion"],
        "polarity": claim["polarity"],
        "verdict": claim["verdict"],
        "statement": claim["text"] if claim["asserted"] else None,
        "question": claim["text"] if claim["text"] and not claim["asserted"] else None,
        "set_aside": claim["why"] if claim["verdict"] == Verdict.NOT_JOB_RELATED else None,
        "judged": {name: by["who"] for name, by in claim["judged"].items()},
        "notes": [*(by["why"] for by in claim["judged"].values() if by["why"]), *claim["notes"]],
        "citations": [_cited(m, interview) for m in shown["moments"]],
    }


def _cited(moment: dict[str, Any], interview: str) -> dict[str, Any]:
    return {
        "interview": interview,
        # The label as it stands in the file: nothing at all where the file gives the words to nobody.
        "speaker": "" if moment["speaker"] == UNKNOWN_SPEAKER else moment["speaker"],
        "person": moment["name"] or None,
        "start_s": moment["start_s"],
        "end_s": moment["end_s"],
        "quote": moment["text"],
    }
