"""What somebody who understands nothing would answer to a search: figures that a result must beat before it is one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from alignment.contract import CRITERION_IDS, SIGNING_SIDES
from corpus.folders import SearchFolder
from evals.scorers.quotes import Said

VERDICTS = ("supported", "contradicted", "no_evidence", "not_job_related", "too_vague")
CITED = 3


NEVER = "never asserts"
"""The constant that is the other's opposite, where saying always the same is the best answer to one question and the worst to another."""


def claims(raw: str, focus: Sequence[str], verdict: str = "supported") -> list[dict[str, Any]]:
    """The whole feedback as one claim with that verdict, on the interviewer's first criterion."""
    return [{"span": raw, "criterion": focus[0], "polarity": "negative", "verdict": verdict, "citations": []}]


def random_claims(raw: str, interview: str, said: Mapping[str, Sequence[Said]], drawn: Random) -> list[dict[str, Any]]:
    """The whole feedback as one claim with a verdict, a criterion and three utterances drawn at random."""
    timed = [u for u in said[interview] if u.start_s is not None and u.end_s is not None]
    cited = [
        {"interview": interview, "speaker": u.speaker, "start_s": u.start_s, "end_s": u.end_s, "quote": u.text}
        for u in drawn.sample(timed, min(CITED, len(timed)))
    ]
    verdict, leaning = drawn.choice(VERDICTS), drawn.choice(("positive", "negative"))
    return [{"span": raw, "criterion": drawn.choice(CRITERION_IDS), "polarity": leaning, "verdict": verdict, "citations": cited}]


def random_contract(call: Sequence[Said], drawn: Random) -> dict[str, Any]:
    """Three, two and one, each resting on a turn of the call that was drawn at random; the incentives likewise."""
    timed = [u for u in call if u.start_s is not None and u.end_s is not None]
    if not timed:
        return {}

    def line() -> dict[str, Any]:
        turn = drawn.choice(timed)
        return {"text": turn.text, "said_at": [[turn.start_s, turn.end_s]], "quotes": [turn.text]}

    return {
        "must_haves": [line() for _ in range(3)],
        "trade_offs": [line() for _ in range(2)],
        "deal_breaker": line(),
        "incentives": {side: line() for side in SIGNING_SIDES},
    }


def debrief(folder: SearchFolder) -> dict[str, Any]:
    """Every split of grades a conflict for the better grade, everybody leaning on an impression, and all feedback drift."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in folder.scorecards:
        grades[row.criterion][row.interviewer] = row.grade
    split = [c for c, by in grades.items() if min(by.values()) < 3 <= max(by.values())]
    people = sorted({row.interviewer for row in folder.feedback})
    return {
        "conflicts": [{"criterion": c, "supported_side": "for", "citations": []} for c in split],
        "missing": [{"criterion": c} for c in CRITERION_IDS if c not in grades],
        "over_indexing": [{"interviewer": name, "criterion_or_trait": "trait"} for name in people],
        "drift": [{"interviewer": row.interviewer, "feedback": row.id} for row in folder.feedback],
        "injections": [],
    }
