"""What the contract gives the panel: who probes what, how to ask, what strong and weak evidence sounds like, and one scale of grades."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event, Todo

from agents import panel_questions
from agents.workbench import Workbench
from alignment.contract import Contract, Criterion, CriterionKind
from alignment.errors import BadSettings, Refused
from alignment.people import Interview, PanelSeat, Search
from alignment.record import derived_id
from alignment.transcript import clock

PILE_UP = 3
"""So many people on one criterion ask the candidate the same thing again."""

SCALE = {
    4: "Told a deed of their own that meets it, with what came of it, and it held when asked further.",
    3: "Told a deed of their own that meets it, once asked; part of it stayed thin.",
    2: "Met it in part, or spoke of what others did or of what one should do.",
    1: "Was asked and showed nothing that meets it, or told the opposite.",
}
DEAL_SCALE = {
    4: "Was asked, and is clear of it: told a deed of their own that shows the opposite.",
    3: "Was asked, and nothing points to it.",
    2: "Was asked, and something points to it; it has to be asked again.",
    1: "It applies: told so, or showed it.",
}


@dataclass(frozen=True)
class Coverage:
    """Who probes each criterion, which nobody probes, and on which too many do; `proposed` gives each gap to whoever has least."""

    by: dict[str, tuple[str, ...]]
    gaps: tuple[str, ...]
    pile_ups: tuple[str, ...]
    proposed: dict[str, str]


def coverage(search: Search, contract: Contract) -> Coverage:
    """How the panel's plan covers the contract."""
    ids: list[str] = [c.id for c in contract.criteria]
    by = {id: tuple(dict.fromkeys(s.name for s in search.panel if id in s.focus)) for id in ids}
    load = {s.name: sum(s.name in names for names in by.values()) for s in search.panel}
    proposed: dict[str, str] = {}
    for id in (id for id in ids if not by[id] and load):
        name = min(load, key=lambda n: (load[n], n))
        proposed[id] = name
        load[name] += 1
    gaps = tuple(id for id in ids if not by[id])
    return Coverage(by=by, gaps=gaps, pile_ups=tuple(id for id in ids if len(by[id]) >= PILE_UP), proposed=proposed)


def guide(criterion: Criterion) -> dict[str, Any]:
    """One criterion as a panellist needs it: what it is in the manager's words, what to listen for, two questions, and the scale."""
    scale = DEAL_SCALE if criterion.kind is CriterionKind.DEAL_BREAKER else SCALE
    return {
        "id": criterion.id,
        "kind": criterion.kind.value,
        "text": criterion.text,
        "said": [{"quote": c.text, "by": c.spoken, "at": clock(c.start_s) if c.start_s is not None else None} for c in criterion.said],
        "shown_by": criterion.shown_by or criterion.text,
        "strong": panel_questions.strong(criterion),
        "weak": panel_questions.weak(criterion),
        "probes": list(panel_questions.questions(criterion)),
        "scale": {str(n): anchor for n, anchor in scale.items()},
    }


def scorecard(search: Search, contract: Contract) -> dict[str, Any]:
    """The scorecard as JSON: every criterion with its guide, and an empty grade."""
    return {
        "search": search.slug,
        "title": search.title,
        "contract_version": contract.version,
        "signed": contract.signed,
        "criteria": [{**guide(c), "grade": None, "note": ""} for c in contract.criteria],
    }


def as_file(form: dict[str, Any]) -> bytes:
    """The scorecard's JSON as a file holds it."""
    return (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode()


def scorecard_markdown(search: Search, contract: Contract) -> str:
    """The scorecard to print or paste."""
    lines = [f"# Scorecard: {search.title}", "", f"{_version(contract)} Grade 1 to 4; leave out what you did not ask."]
    for criterion in contract.criteria:
        g = guide(criterion)
        lines += ["", f"## {g['id']}  {g['text']}", ""]
        lines += [f"> {s['quote']}  \n> {s['by']}{', ' + s['at'] if s['at'] else ''}\n" for s in g["said"]]
        lines += [f"- Strong: {g['strong']}", f"- Weak: {g['weak']}", *(f"- Ask: {p}" for p in g["probes"])]
        lines += ["", *(f"- [ ] {n}: {anchor}" for n, anchor in g["scale"].items()), "", "What was said, and when:", ""]
    return "\n".join(lines) + "\n"


def invite_markdown(search: Search, contract: Contract) -> str:
    """The invite as Markdown: the contract, who probes what, and where the plan has holes."""
    plan = coverage(search, contract)
    lines = [f"# Interviews: {search.title}", "", _version(contract), ""]
    lines += [f"- {c.id}  {c.text}" for c in contract.criteria]
    lines += ["", "| criterion | probed by |", "|---|---|"]
    lines += [f"| {id} | {', '.join(names) or 'nobody'} |" for id, names in plan.by.items()]
    lines += [""] + [f"Nobody probes {id}." + (f" {plan.proposed[id]} has room." if id in plan.proposed else "") for id in plan.gaps]
    lines += [f"{len(plan.by[id])} people probe {id}: leave it to one or two." for id in plan.pile_ups]
    for seat in search.panel:
        lines += ["", f"## {seat.name}, {seat.stage or seat.interview_name}", "", *_asks(seat, contract)]
    return "\n".join(lines).rstrip() + "\n"


def invite_calendar(search: Search, contract: Contract, interviews: Sequence[Interview], at: datetime) -> bytes:
    """The invite as iCalendar: an event for each interview that has a date, a task for each that has none yet.

    The UID of an interview never changes; its SEQUENCE is raised with each version of the contract.
    """
    calendar = Calendar()
    for name, value in (("prodid", "-//Plumbline//Panel invite//EN"), ("version", "2.0")):
        calendar.add(name, value)
    held_on = {i.id: i.held_on for i in interviews}
    for interview in dict.fromkeys(s.interview for s in search.panel):
        seats = [s for s in search.panel if s.interview == interview]
        calendar.add_component(_entry(search, contract, seats, held_on.get(interview), at))
    return bytes(calendar.to_ical())


async def export(bench: Workbench, search: Search, contract: Contract, out: Path) -> tuple[Path, ...]:
    """Write invite and scorecard into a folder, each file whole or not at all; the paths, in the order in which they were written.

    Refused for a contract without a criterion: there is nothing that a panel could probe.
    """
    if not contract.criteria:
        raise Refused(f"Version {contract.version} has no criterion yet", where=search.slug, todo="Settle it first: plumbline intake.")
    interviews = await bench.store.interviews(search.organisation, search.id)
    at = max((s.at for s in contract.signatures), default=datetime.now(UTC))
    files = {
        "invite.ics": invite_calendar(search, contract, interviews, at),
        "invite.md": invite_markdown(search, contract).encode(),
        "scorecard.json": as_file(scorecard(search, contract)),
        "scorecard.md": scorecard_markdown(search, contract).encode(),
    }
    return write(out, files)


def write(out: Path, files: dict[str, bytes]) -> tuple[Path, ...]:
    """Put the panel's files into a folder, each whole or not at all; their paths. BadSettings where they cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = out / f"{name}.part"
            part.write_bytes(content)
            part.replace(out / name)
    except OSError as e:
        told = f"The panel's files cannot be written: {e.strerror}"
        raise BadSettings(told, where=str(out), todo="Name a folder that can be written.") from e
    return tuple(out / name for name in files)


def _entry(search: Search, contract: Contract, seats: Sequence[PanelSeat], held_on: date | None, at: datetime) -> Event | Todo:
    entry: Event | Todo = Event() if held_on else Todo()
    stage = seats[0].stage or seats[0].interview_name
    entry.add("uid", f"{derived_id('invite', search.id, seats[0].interview)}@plumbline")
    entry.add("sequence", contract.version - 1)
    entry.add("dtstamp", at)
    entry.add("summary", f"{search.title}: {stage}" + ("" if held_on else " (no date yet)"))
    asks = [line for seat in seats for line in (f"{seat.name}:", *_asks(seat, contract))]
    entry.add("description", "\n".join([_version(contract), *asks]))
    if held_on:
        entry.add("dtstart", held_on)
        entry.add("dtend", held_on + timedelta(days=1))
    return entry


def _asks(seat: PanelSeat, contract: Contract) -> list[str]:
    lines = []
    for criterion in (c for c in contract.criteria if c.id in seat.focus):
        lines += [f"- {criterion.id}  {criterion.text}", *(f"    - {p}" for p in guide(criterion)["probes"])]
    return lines or ["- No criterion is assigned here."]


def _version(contract: Contract) -> str:
    return f"Contract version {contract.version}, {'signed by both' if contract.signed else 'a draft that is not signed by both'}."
