"""Transcripts to a server: files, and whole search folders with their feedback and scorecards."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.admission import Arrival
from agents.folders import cards_of, check_writers, plan_of
from agents.ingestion import bytes_of, read_file
from alignment.contract import Criterion
from api import screen
from api.remote import feedback, searches
from api.remote.client import Server, at, told
from corpus.folders import SearchFolder


@dataclass(frozen=True)
class Sent:
    """An interview as it goes to a server: what is known of it, and the file of its transcript, which was read before."""

    arrival: Arrival
    file: Path


def put(server: Server, search: str, sent: Sequence[Sent], consent: str, correction: str = "") -> list[dict[str, Any]]:
    """What each transcript came to, in the order in which they are sent; what was sent before one that is refused stays on record."""
    searches.called(server, search)
    rows = []
    with screen.progress("Sending", len(sent)) as advance:
        for one in sent:
            about = {
                "candidate": one.arrival.candidate,
                "held_on": one.arrival.held_on.isoformat() if one.arrival.held_on else "",
                "consent": consent,
                "correction": correction,
                "region": one.arrival.region,
                "speaker": [f"{label}={name}" for label, name in one.arrival.given.items()],
            }
            place = at("searches", search, "interviews", one.arrival.name, "transcript")
            rows.append(told(server.send("PUT", place, params=about, content=bytes_of(one.file))))
            advance(one.arrival.name)
    return rows


def put_folder(
    server: Server, folder: SearchFolder, criteria: tuple[Criterion, ...], consent: str
) -> tuple[list[dict[str, Any]], int, int]:
    """What a folder's transcripts came to, and how many pieces of feedback and scorecards it has, all on record then."""
    check_writers(folder)
    held_on = {p.interview: p.held_on for p in folder.panel}
    sent = [Sent(Arrival(name, read_file(path), folder.candidate, held_on.get(name)), path) for name, path in folder.interviews.items()]
    slug = searches.new(server, plan_of(folder, criteria))
    rows = put(server, slug, sent, consent)
    for row in folder.feedback:
        feedback.add(server, slug, row.interview, row.interviewer, row.raw, row.id)
    cards = cards_of(folder)
    for (interview, grader), grades in cards.items():
        feedback.grade(server, slug, interview, grader, grades)
    return rows, len(folder.feedback), len(cards)
