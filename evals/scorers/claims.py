"""Shaped claims held against the gold: which claim is which, and what each is worth; the arithmetic of the search folders' own scorer."""

from collections.abc import Mapping, Sequence
from typing import Any

from evals.case import Sums
from evals.metrics import pair
from evals.scorers.quotes import Result, Said, check, words
from evals.scorers.spans import LONGEST_S, touches

Claim = Mapping[str, Any]
FIRST = (1, 3)
_BORNE = ("supported", "contradicted")


def aligned(gold: Sequence[Claim], told: Sequence[Claim], raw: str) -> tuple[dict[int, int], list[Claim]]:
    """Which told claim answers which gold one, by how much of the raw text their spans share, and those that answer none."""
    scored = sorted(((_shared(g, o, raw), i, j) for i, g in enumerate(gold) for j, o in enumerate(told)), reverse=True)
    pairs: dict[int, int] = {}
    for share, i, j in scored:
        if share > 0 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs, [o for j, o in enumerate(told) if j not in pairs.values()]


def _shared(gold: Claim, told: Claim, raw: str) -> float:
    a, b = _place(gold["span"], raw), _place(told.get("span") or "", raw)
    if a is None or b is None:
        return _jaccard(set(words(gold["span"])), set(words(told.get("span") or "")))
    return _jaccard(a, b)


def _place(span: str, raw: str) -> set[int] | None:
    start = raw.find(span) if span else -1
    return set(range(start, start + len(span))) if start >= 0 else None


def _jaccard(a: set[Any], b: set[Any]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def scored(
    gold: Sequence[Claim], told: Sequence[Claim], raw: str, interview: str, transcripts: Mapping[str, Sequence[Said]]
) -> tuple[Sums, dict[str, bool]]:
    """The sums and marks of one piece of feedback."""
    pairs, extra = aligned(gold, told, raw)
    sums: Sums = {
        "claims": float(len(gold)),
        "extra_supported": float(sum(o.get("verdict") == "supported" for o in extra)),
        "supported_uncited": float(sum(o.get("verdict") == "supported" and not o.get("citations") for o in told)),
    }
    _add(sums, cited([c for o in told for c in o.get("citations") or ()], transcripts))
    marks: dict[str, bool] = {}
    for i, g in enumerate(gold):
        o = told[pairs[i]] if i in pairs else {}
        _add(sums, _of_claim(g, o, interview))
        marks[f"claim {i + 1} verdict"] = o.get("verdict") == g["verdict"]
        if g.get("criterion"):
            marks[f"claim {i + 1} criterion"] = o.get("criterion") == g["criterion"]
        if g.get("moments"):
            marks[f"claim {i + 1} moment"] = _hit(o, g, interview, 3)
    return sums, marks


def _of_claim(gold: Claim, told: Claim, interview: str) -> Sums:
    verdict, said = gold["verdict"], told.get("verdict")
    sums: Sums = {pair("verdict", verdict, said): 1.0, "verdict_hit": float(said == verdict)}
    if gold.get("criterion"):
        _add(sums, {"criterion_n": 1.0, "criterion_hit": float(told.get("criterion") == gold["criterion"])})
    if verdict == "supported":
        _add(sums, {"supported_n": 1.0, "supported_hit": float(said == verdict)})
    else:
        _add(sums, {"unsupported_n": 1.0, "asserted_wrongly": float(said == "supported")})
    _add(sums, {"contradicted_out": float(said == "contradicted"), "contradicted_hit": float(verdict == said == "contradicted")})
    if verdict in _BORNE:
        _add(sums, {"polarity_n": 1.0, "polarity_hit": float(told.get("polarity") == gold["polarity"])})
    if gold.get("moments"):
        shown = _shown(told, interview)
        _add(sums, {"moment_n": 1.0, "cited_s": sum(e - b for b, e in shown[:3])})
        _add(sums, {f"moment_hit{k}": float(_hit(told, gold, interview, k)) for k in FIRST})
    return sums


def _shown(told: Claim, interview: str) -> list[tuple[float, float]]:
    cited = [c for c in told.get("citations") or () if c.get("interview") == interview and c.get("start_s") is not None]
    return [(c["start_s"], c["end_s"]) for c in cited if c["end_s"] - c["start_s"] <= LONGEST_S]


def _hit(told: Claim, gold: Claim, interview: str, first: int) -> bool:
    return touches(_shown(told, interview)[:first], gold["moments"])


def cited(citations: Sequence[Claim], transcripts: Mapping[str, Sequence[Said]]) -> Sums:
    """What citations turn out to be, by kind."""
    sums: Sums = {"citations": float(len(citations)), **{f"cited_{r.value}": 0.0 for r in Result}}
    for c in citations:
        sums[f"cited_{check(c, transcripts).value}"] += 1
    sums["citations_bad"] = sums["citations"] - sums[f"cited_{Result.VERBATIM.value}"]
    return sums


def _add(sums: Sums, more: Mapping[str, float]) -> None:
    for name, value in more.items():
        sums[name] = sums.get(name, 0.0) + value
