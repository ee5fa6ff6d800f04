"""What an interviewer answers in words: which claims are meant, and what becomes of each."""

import re
from collections.abc import Sequence
from typing import Any

_NUMBERED = re.compile(r"(?:claim\s+|no\.?\s*|#)?(\d{1,2})\s*(?:[.):,]|\s-|–)?\s+(?=\S)", re.I)
_ACCEPT = re.compile(
    r"(?:i\s+)?(?:accept(?:ed)?|agree(?:d)?|yes|ok(?:ay)?|correct|fine|keep(?:\s+it)?)(?:\s+(?:it|this|that|please))?\W*", re.I
)
_WITHDRAW = re.compile(r"(?:i\s+)?(?:withdraw|drop|remove|delete|take\s+(?:it|that)\s+back)(?:\s+(?:it|this|that|please))?\W*", re.I)
_EDIT = re.compile(r"(?:edit|change(?:\s+it)?(?:\s+to)?|reword)\s*[:\-–]?\s+(.+)", re.I | re.S)
_MOMENT = re.compile(r"(?:(?:choose|take|use|it\s+is|i\s+mean)\s+)?(?:moment|number)?\s*#?(\d{1,2})\W*", re.I)
_ALL = re.compile(r"(?P<what>.+?)\s+(?:all|everything|all\s+of\s+(?:it|them))\W*", re.I)


def answers_in(text: str, shown: Sequence[dict[str, Any]], waiting: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers in a text, each to a claim by its number among those shown, or to the first that waits; empty where it says none.

    An edit runs to the end of the text, so that its words stay whole; other answers stand one a line, or with a semicolon between them.
    """
    if not waiting:
        return []
    if (every := _ALL.fullmatch(text.strip())) and (reply := _plain(every["what"])):
        return [{"claim": w["claim"], "reply": reply} for w in waiting]
    found: list[dict[str, Any]] = []
    left = [w["claim"] for w in waiting]
    rest = text.strip()
    while rest:
        claim, rest = _whose(rest, shown, left)
        if claim is None:
            return []
        if edit := _EDIT.fullmatch(rest):
            return [*found, {"claim": claim, "reply": "edit", "text": edit[1].strip()}]
        part, _, rest = (p.strip() for p in _first(rest))
        answer = _answer(part)
        if answer is None:
            return []
        found.append({"claim": claim, **answer})
        left = [c for c in left if c != claim]
    return found


def _first(text: str) -> tuple[str, str, str]:
    cut = re.search(r"[;\n]", text)
    return (text[: cut.start()], ";", text[cut.end() :]) if cut else (text, "", "")


def _whose(text: str, shown: Sequence[dict[str, Any]], left: Sequence[str]) -> tuple[str | None, str]:
    numbered = _NUMBERED.match(text)
    if numbered:
        n = int(numbered[1])
        return (shown[n - 1]["claim"] if 1 <= n <= len(shown) else None), text[numbered.end() :].strip()
    return (left[0] if left else None), text


def _answer(text: str) -> dict[str, Any] | None:
    if reply := _plain(text):
        return {"reply": reply}
    moment = _MOMENT.fullmatch(text)
    return {"reply": "choose", "chosen": int(moment[1])} if moment else None


def _plain(text: str) -> str:
    return "accept" if _ACCEPT.fullmatch(text.strip()) else "withdraw" if _WITHDRAW.fullmatch(text.strip()) else ""
