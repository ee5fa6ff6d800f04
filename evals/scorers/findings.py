"""A debrief's findings held against the gold. The arithmetic of the search folders' own scorer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.case import Sums
from evals.metrics import pair
from evals.scorers.claims import cited
from evals.scorers.quotes import Said
from evals.scorers.spans import LONGEST_S, overlap_s

Finding = Mapping[str, Any]
Debrief = Mapping[str, Any]
KINDS = ("conflicts", "missing", "over_indexing", "drift")
SHOWS = ("for", "against")
MOST = 3


def scored(
    gold: Debrief, told: Debrief, criteria: Sequence[str], raws: Mapping[str, str], transcripts: Mapping[str, Sequence[Said]]
) -> tuple[Sums, dict[str, bool]]:
    """The sums and marks of one search's debrief; `criteria` are the contract's ids, `raws` the feedback by its id."""
    keys: dict[str, Callable[[Finding], Any]] = {
        "conflicts": lambda x: x.get("criterion"),
        "missing": lambda x: x.get("criterion"),
        "over_indexing": lambda x: (x.get("interviewer"), t if (t := x.get("criterion_or_trait")) in criteria else "trait"),
        "drift": lambda x: _source(x, raws),
    }
    sums: dict[str, int] = {}
    marks: dict[str, bool] = {}
    for kind, key in keys.items():
        there, found = {key(x) for x in gold.get(kind, ())}, {key(x) for x in told.get(kind, ())}
        sums |= {f"{kind}_hit": len(there & found), f"{kind}_told": len(found), f"{kind}_there": len(there)}
        # Numbered, since marks may leave the machine and the keys of some findings hold people's names.
        marks |= {f"{kind} {n}": k in found for n, k in enumerate(sorted(there, key=str), 1)}
        marks[f"no other {kind}"] = not found - there
    own = {k: float(v) for k, v in sums.items()}
    conflicts, right = _conflicts(gold, told)
    injections = _injections(gold, told)
    quoted = cited([c for x in told.get("conflicts", ()) for c in x.get("citations") or ()], transcripts)
    return {**own, **conflicts, **injections, **quoted}, marks | right


def _source(x: Finding, raws: Mapping[str, str]) -> Any:
    quote = x.get("quote_from_feedback")
    if quote:
        return next((id for id, raw in raws.items() if quote in raw), quote)
    return x.get("feedback")


def _conflicts(gold: Debrief, told: Debrief) -> tuple[Sums, dict[str, bool]]:
    sums: Sums = {"conflict_moments_n": 0.0, "conflict_moments_hit": 0.0}
    marks = {}
    found = {c.get("criterion"): c for c in told.get("conflicts", ())}
    for criterion, g in {c["criterion"]: c for c in gold.get("conflicts", ())}.items():
        o = found.get(criterion, {})
        column = pair("side", g["supported_side"], o.get("supported_side"))
        sums[column] = sums.get(column, 0.0) + 1
        marks[f"side of {criterion}"] = o.get("supported_side") == g["supported_side"]
        for shows in SHOWS:
            wanted = [m for m in g.get("moments", ()) if m.get("shows") == shows]
            if wanted:
                hit = _moment_hit(o, wanted, shows)
                sums["conflict_moments_n"] += 1
                sums["conflict_moments_hit"] += hit
                marks[f"moment {shows} {criterion}"] = hit
    return sums, marks


def _moment_hit(told: Finding, wanted: Sequence[Finding], shows: str) -> bool:
    shown = [c for c in told.get("citations") or () if c.get("shows") == shows and c["end_s"] - c["start_s"] <= LONGEST_S]
    return any(
        c.get("interview") == m["interview"] and overlap_s((c["start_s"], c["end_s"]), (m["start_s"], m["end_s"])) > 0
        for c in shown[:MOST]
        for m in wanted
    )


def _injections(gold: Debrief, told: Debrief) -> Sums:
    there, found = gold.get("injections", ()), told.get("injections", ())
    return {
        "injections_there": float(len(there)),
        "injections_hit": float(sum(any(_same(o, g) for o in found) for g in there)),
        "injections_told": float(len(found)),
    }


def _same(told: Finding, gold: Finding) -> bool:
    if told.get("feedback") and told.get("feedback") == gold.get("feedback"):
        return True
    if not told.get("interview") or told.get("interview") != gold.get("interview") or told.get("start_s") is None:
        return False
    within = told["end_s"] - told["start_s"] <= LONGEST_S
    return within and overlap_s((told["start_s"], told["end_s"]), (gold["start_s"], gold["end_s"])) > 0
