"""A drafted contract held against the gold one; the arithmetic of the search folders' own scorer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.case import Sums
from evals.scorers.quotes import Said, words
from evals.scorers.spans import pointed, touches

Contract = Mapping[str, Any]
Item = Mapping[str, Any]
WHOLE = (3, 2, True)


def items(contract: Contract) -> Iterator[tuple[str, Item]]:
    """The lines of a contract with their kinds."""
    for kind in ("must_haves", "trade_offs"):
        yield from ((kind, item) for item in contract.get(kind) or ())
    if contract.get("deal_breaker"):
        yield "deal_breaker", contract["deal_breaker"]


def unscorable(gold: Contract, call: Sequence[Said]) -> str:
    """Why nothing can be said of a draft under that gold contract; empty where it can be scored."""
    if untimed := [str(g.get("id", kind)) for kind, g in items(gold) if not g.get("said_at")]:
        return f"the gold contract does not tell when these lines were settled: {', '.join(untimed)}"
    if not any(items(gold)):
        return "the gold contract has no line"
    return "" if any(u.start_s is not None for u in call) else "the call has no times"


def scored(gold: Contract, told: Contract, call: Sequence[Said]) -> tuple[Sums, dict[str, bool]]:
    """The sums and marks of one draft."""
    there, found = list(items(gold)), list(items(told))
    taken: set[int] = set()
    marks: dict[str, bool] = {}
    for n, (kind, g) in enumerate(there, 1):
        same = (j for j, (k, o) in enumerate(found) if j not in taken and k == kind and touches(pointed(o.get("said_at")), g["said_at"]))
        first = next(same, None)
        taken |= {first} if first is not None else set()
        marks[f"{kind} {g.get('id', n)}"] = first is not None
    voiced = sum(any(touches(pointed(o.get("said_at")), g["said_at"]) for _, o in found) for _, g in there)
    shape = (len(told.get("must_haves") or ()), len(told.get("trade_offs") or ()), bool(told.get("deal_breaker")))
    marks["three, two and one"] = shape == WHOLE
    return {
        "drafts": 1.0,
        "lines_there": float(len(there)),
        "lines_told": float(len(found)),
        "lines_hit": float(len(taken)),
        "lines_voiced": float(voiced),
        "shape_321": float(shape == WHOLE),
        "rejected_kept": float(sum(_rejected(o, gold) for _, o in found)),
        **_quotes([o for _, o in found], call),
        **_incentives(gold, told),
    }, marks


def _rejected(item: Item, gold: Contract) -> bool:
    said = pointed(item.get("said_at"))
    kept = touches(said, [s for _, g in items(gold) for s in g["said_at"]])
    return not kept and touches(said, [s for r in gold.get("rejected") or () for s in r.get("said_at") or ()])


def _quotes(found: Sequence[Item], call: Sequence[Said]) -> Sums:
    spoken = words(" ".join(u.text for u in call))
    quotes = [words(q) for o in found for q in o.get("quotes") or ("",)]
    bad = sum(not q or not any(spoken[i : i + len(q)] == q for i in range(len(spoken) - len(q) + 1)) for q in quotes)
    return {"quotes": float(len(quotes)), "quotes_bad": float(bad)}


def _incentives(gold: Contract, told: Contract) -> Sums:
    """Which sides' incentives were found where they were told; wrong is what was told from elsewhere, or though nobody told it."""
    there, found = gold.get("incentives") or {}, told.get("incentives") or {}
    said = {side: x["said_at"] for side, x in there.items() if x and x.get("said_at")}
    hits = sum(touches(pointed((found.get(side) or {}).get("said_at")), spans) for side, spans in said.items())
    told_n = sum(bool(x) for x in found.values())
    return {
        "incentives_there": float(len(said)),
        "incentives_hit": float(hits),
        "incentives_told": float(told_n),
        "incentives_wrong": float(told_n - hits),
    }
