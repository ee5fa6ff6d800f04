"""A whole search in a folder, small enough to be put on record in a moment: one interview, one interviewer, a contract."""

import json
from pathlib import Path

NAME = "lock-keeper"
CANDIDATE, READER, RECRUITER = "Joost Amari", "Wendela Okoro", "Fenna Duval"
TALK = (
    (READER, "Tell me about a night when the gate would not close."),
    (CANDIDATE, "That was the flood in March. The lower gate stuck on a tree, and I closed the upper one by hand and rang the next lock."),
    (READER, "How long did the boats wait?"),
    (CANDIDATE, "Seven boats waited for about fifty minutes. I walked along and told each skipper myself."),
    (READER, "And have you ever taught somebody the wheel?"),
    (CANDIDATE, "Two apprentices. I let them turn it wrong once, with an empty chamber, and then they never did it again."),
    (READER, "What about the log book?"),
    (CANDIDATE, "I write the level every hour. Once I missed one and wrote down that I had missed it."),
    (READER, "Thank you, that is everything."),
    (CANDIDATE, "Thank you. Mind the step, it is wet."),
)
LINES = {
    "must_haves": ("Has closed a lock in a flood alone", "Has taught an apprentice the wheel", "Has told skippers in person why they wait"),
    "trade_offs": ("Gives up a diploma for years on the water", "Gives up speed for a level written every hour"),
}


def small_search(root: Path) -> Path:
    """The search's folder below that one."""
    path = root / NAME
    (path / "interviews").mkdir(parents=True)
    (path / "gold").mkdir()
    seat = {"name": READER, "stage": "lock", "focus": ["M1", "M2", "D1"], "interview": "1-lock", "date": "2026-05-04"}
    people = {"recruiter": RECRUITER, "hiring_manager": READER, "candidate": CANDIDATE, "panel": [seat]}
    ids = iter(("M1", "M2", "M3", "T1", "T2"))
    contract = {kind: [{"id": next(ids), "text": text, "said_at": []} for text in texts] for kind, texts in LINES.items()}
    segments = [{"speaker": who, "start": 10.0 * n, "end": 10.0 * n + 8, "text": text} for n, (who, text) in enumerate(TALK)]
    files = {
        "search.json": {"title": "Lock keeper", "contract_version": 1, **people},
        "scorecards.json": [{"interviewer": READER, "criterion": "M1", "grade": 3}, {"interviewer": READER, "criterion": "D1", "grade": 4}],
        "gold/contract.json": {**contract, "deal_breaker": {"id": "D1", "text": "Has left a level out of the log", "said_at": []}},
        "interviews/1-lock.json": {"segments": segments},
    }
    for name, told in files.items():
        (path / name).write_text(json.dumps(told), encoding="utf-8")
    row = {
        "id": "F1",
        "interview": "1-lock",
        "interviewer": READER,
        "raw": "He closed the upper gate by hand when a tree lay in the lower one.",
    }
    (path / "feedback.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path
