"""Consents, erasures, holds and retention through a server."""

from typing import Any

from agents.erasure.asking import Asked
from agents.erasure.redacting import Reach
from agents.retention import Come
from alignment.erasing import Erasure, Hold, Kept, RetentionRule
from alignment.people import ConsentPolicy, Interview
from alignment.redaction import Parts
from api.remote import searches
from api.remote.client import Server, at, known, told
from api.wire_keeping import Applied, Consents, Lifted, Regions, Rules


def erase(server: Server, search: str, interview: str, person: str, asked: Asked) -> Erasure:
    """The receipt of an erasure."""
    what = {"person": person} if person else {"search": search, "interview": interview}
    return known(Erasure, server.post(at("erasures"), {**what, **_told(asked)}))


def redact(server: Server, search: str, interview: str, parts: Parts, asked: Asked) -> Erasure:
    """The receipt of a redaction."""
    place = at("searches", search, "interviews", interview, "redactions")
    return known(Erasure, server.post(place, {**_parts(parts), **_told(asked)}))


def reach_of(server: Server, search: str, interview: str, parts: Parts) -> Reach:
    """What a redaction would reach."""
    return known(Reach, server.post(at("searches", search, "interviews", interview, "redactions", "preview"), _parts(parts)))


def receipts(server: Server) -> tuple[Erasure, ...]:
    """Every receipt, oldest first."""
    return tuple(known(Erasure, row) for row in server.pages(at("erasures")))


def give(server: Server, search: str, interview: str, about: dict[str, str], candidate: str, region: str) -> Interview:
    """The interview with the consent, opened where a candidate is named."""
    searches.called(server, search)
    if candidate:
        server.post(at("searches", search, "interviews"), {"name": interview, "candidate": candidate, "region": region})
    return known(Interview, server.post(at("searches", search, "interviews", interview, "consents"), about))


def withdraw(server: Server, search: str, interview: str, asked: Asked) -> Erasure:
    """The receipt of a withdrawal."""
    searches.called(server, search)
    return known(Erasure, server.post(at("searches", search, "interviews", interview, "consents", "withdrawal"), _told(asked)))


def consents(server: Server, search: str, interview: str) -> Consents:
    """An interview's consents, and the erasures that reached it."""
    searches.called(server, search)
    return known(Consents, server.get(at("searches", search, "interviews", interview, "consents")))


def place(server: Server, search: str, interview: str, asked: Asked) -> Hold:
    """A hold placed."""
    return known(Hold, server.post(at("holds"), {"search": search, "interview": interview, **_told(asked)}))


def lift(server: Server, id: str) -> tuple[Hold, tuple[Erasure, ...]]:
    """A hold lifted, and what had waited for it."""
    done = known(Lifted, told(server.send("DELETE", at("holds", id))))
    return done.hold, done.erased


def holds(server: Server) -> tuple[Hold, ...]:
    """Every hold."""
    return tuple(known(Hold, row) for row in server.pages(at("holds")))


def rules(server: Server) -> tuple[RetentionRule, ...]:
    """The rules of retention."""
    return known(Rules, server.get(at("retention"))).rules


def set_rule(server: Server, what: Kept, days: int, by: str) -> tuple[RetentionRule, ...]:
    """The rules after one was set, or with no days ended."""
    place = at("retention", what.value)
    answer = server.send("PUT", place, json={"days": days, "as": by}) if days else server.send("DELETE", place)
    return known(Rules, told(answer)).rules


def apply(server: Server, dry_run: bool, by: str) -> tuple[Come, ...]:
    """What the rules came to."""
    return known(Applied, server.post(at("retention", "applications"), {"dry_run": dry_run, "as": by})).come


def regions(server: Server, region: str, policy: ConsentPolicy) -> dict[str, ConsentPolicy]:
    """The policies of regions after that one was set."""
    put = server.send("PUT", at("organisation", "regions", region), json={"consent_policy": policy.value})
    return known(Regions, told(put)).regions


def _parts(parts: Parts) -> dict[str, Any]:
    runs = [f"u{first}-u{last}" for first, last in parts.utterances]
    return {"times": [list(t) for t in parts.times], "utterances": runs, "words": list(parts.words)}


def _told(asked: Asked) -> dict[str, str]:
    return {"as": asked.by, "reason": asked.reason}
