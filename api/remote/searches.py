"""Searches of a server: opened, listed and shown."""

from typing import Any, TypeAlias

from agents.desk import SearchPlan
from alignment.errors import NotFound
from alignment.people import Interview, Search
from alignment.transcript import Transcript
from api.remote.client import Server, at, known

Shown: TypeAlias = tuple[Search, dict[str, Any], list[tuple[Interview, Transcript | None]]]
"""A search, its newest contract as a ContractState in JSON, and its interviews with their newest transcripts."""


def new(server: Server, plan: SearchPlan) -> str:
    """Open the search of that plan; its short name."""
    body = {
        **{name: getattr(plan, name) for name in ("slug", "title", "recruiter", "hiring_manager", "role_family", "company_kind")},
        "panel": [vars(seat) for seat in plan.panel],
        "criteria": [{"id": c.id, "text": c.text, "shown_by": c.shown_by} for c in plan.criteria],
        "contract_version": plan.contract_version,
    }
    return str(server.post(at("searches"), body)["slug"])


def every(server: Server) -> list[Search]:
    """Every search that the key may see."""
    return [known(Search, row) for row in server.pages(at("searches"))]


def called(server: Server, slug: str) -> Search:
    """The search of that short name."""
    return known(Search, server.get(at("searches", slug)))


def show(server: Server, slug: str) -> Shown:
    """A search with what belongs to it."""
    held = [known(Interview, row) for row in server.pages(at("searches", slug, "interviews"))]
    return called(server, slug), server.get(at("searches", slug, "contract")), [(i, _transcript(server, slug, i.name)) for i in held]


def _transcript(server: Server, slug: str, interview: str) -> Transcript | None:
    try:
        return known(Transcript, server.get(at("searches", slug, "interviews", interview, "transcript")))
    except NotFound:
        return None
