"""Quotes held against the transcripts once more, by other rules than the product's own: whether they are verbatim, or what they are else.

Words are runs of letters and digits after case folding, in any script; everything between them may differ. Where the product is
stricter it refuses more; where it were laxer, this finds it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from evals.scorers.spans import LONGEST_S

SLACK_S = 1.0
_WORD = re.compile(r"[^\W_]+")


class Said(NamedTuple):
    """What one speaker says in a row; times are None where the record has none."""

    speaker: str
    start_s: float | None
    end_s: float | None
    text: str


class Result(StrEnum):
    """What a quote turns out to be; `too_long` points at more than a moment."""

    VERBATIM = "verbatim"
    FABRICATED = "fabricated"
    MISATTRIBUTED = "misattributed"
    ELSEWHERE = "elsewhere"
    TOO_LONG = "too_long"


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", "")
    return _WORD.findall(plain)


def said_of(transcript: Any) -> list[Said]:
    """The utterances of a transcript, or of a file that was read, with the label of each speaker as it stands in the file."""
    return [Said(u.speaker, u.start_s, u.end_s, u.text) for u in transcript.utterances]


def check(citation: Mapping[str, Any], transcripts: Mapping[str, Sequence[Said]]) -> Result:
    """What a citation {interview, speaker, start_s, end_s, quote} is, held against the interviews by name."""
    start_s, end_s = citation.get("start_s"), citation.get("end_s")
    if start_s is not None and end_s is not None and end_s - start_s > LONGEST_S:
        return Result.TOO_LONG
    sought, said = words(citation.get("quote") or ""), transcripts.get(citation.get("interview") or "", ())
    speaker = citation.get("speaker") or ""
    theirs = [u for u in said if u.speaker == speaker]
    if _holds([u for u in theirs if _within(u, start_s, end_s)], sought):
        return Result.VERBATIM
    if _holds(theirs, sought):
        return Result.ELSEWHERE
    if any(_holds([u for u in said if u.speaker == other], sought) for other in {u.speaker for u in said}):
        return Result.MISATTRIBUTED
    others = (rows for name, rows in transcripts.items() if name != citation.get("interview"))
    if any(_holds([u for u in rows if u.speaker == other], sought) for rows in others for other in {u.speaker for u in rows}):
        return Result.ELSEWHERE
    return Result.FABRICATED


def _within(said: Said, start_s: float | None, end_s: float | None) -> bool:
    if start_s is None or end_s is None or said.start_s is None:
        return start_s is None or end_s is None
    # An utterance without an end ends where nobody can tell, and is taken to last for a minute.
    ends = said.end_s if said.end_s is not None else said.start_s + 60
    return said.start_s < end_s + SLACK_S and ends > start_s - SLACK_S


def _holds(said: Sequence[Said], sought: Sequence[str]) -> bool:
    spoken = words(" ".join(u.text for u in said))
    n = len(sought)
    return bool(n) and any(spoken[i : i + n] == list(sought) for i in range(len(spoken) - n + 1))
