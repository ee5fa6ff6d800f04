"""A conference tool's own speaker track: who it says was speaking when, given beside a recording.

Either JSON, a list of turns (or an object that holds one as `turns`), `[{"speaker": "Dana Fox", "start": 0.0, "end": 4.2}, …]` in seconds;
or a transcript with times and speakers in any format that is read here (WebVTT of Teams or Zoom and the like), whose words are passed over.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from alignment.errors import BadTranscript
from corpus.heard import Attributed, HeardStretch, HeardWord, Said
from corpus.importers import UNKNOWN_SPEAKER, read_transcript
from corpus.importers.decoding import decode
from corpus.importers.json_text import is_json, load
from corpus.importers.parsed import LONGEST_S, clean, refusal
from corpus.turns.cutting import SURE, cut

# Tools light up the speaker a little late, and let go a little late.
SLACK_S = 0.5
_EXPECTED = 'a list of turns such as {"speaker": "Dana Fox", "start": 0.0, "end": 4.2}, or a transcript with times and speakers'


@dataclass(frozen=True, slots=True)
class TrackTurn:
    """One turn of the track: a label and when, in seconds."""

    label: str
    start_s: float
    end_s: float


Track = tuple[TrackTurn, ...]
"""All turns by when they begin."""


def read_track(path: Path) -> Track:
    """The turns of a track; BadTranscript where the file holds none."""
    try:
        content = path.read_bytes()
    except OSError as e:
        raise BadTranscript(f"The track cannot be opened: {e.strerror or type(e).__name__}", where=path.name, todo="Name a file.") from e
    return track_in(content, path.name)


def track_in(content: bytes, name: str) -> Track:
    """The turns in a track's bytes, as `read_track`; `name` is for sentences alone."""
    turns = _turns(content, name)
    found = list(_spoken(content, name)) if turns is None else turns
    if not found:
        raise refusal("The track names nobody at any time", name, expected=_EXPECTED)
    return tuple(sorted(found, key=lambda t: (t.start_s, t.end_s, t.label)))


def written(track: Track) -> str:
    """The turns as a plain list in JSON, which `track_in` reads."""
    return json.dumps([{"speaker": t.label, "start": t.start_s, "end": t.end_s} for t in track], ensure_ascii=False)


def _spoken(content: bytes, name: str) -> Iterator[TrackTurn]:
    """The turns of a transcript, cue by cue."""
    for u in read_transcript(content, where=name).utterances:
        if u.speaker != UNKNOWN_SPEAKER and u.start_s is not None and u.end_s is not None:
            yield from (TrackTurn(u.speaker, start_s, end_s) for _, start_s, end_s in u.marks or ((0, u.start_s, u.end_s),))


def _turns(content: bytes, name: str) -> list[TrackTurn] | None:
    """The turns of a plain list; None where the file is something else."""
    text = decode(content, name)
    if not is_json(text):
        return None
    rows: Any = load(text, name)
    rows = rows.get("turns") if isinstance(rows, dict) else rows
    if not isinstance(rows, list) or any(not isinstance(row, dict) or "text" in row or "words" in row for row in rows):
        return None
    return [_turn(row, name, number) for number, row in enumerate(rows, 1)]


def _turn(row: dict[str, Any], name: str, number: int) -> TrackTurn:
    label, start_s, end_s = row.get("speaker"), _time(row.get("start")), _time(row.get("end"))
    if not isinstance(label, str) or not clean(label) or start_s is None or end_s is None or end_s < start_s:
        raise refusal("That is no turn of a speaker track", name, item=f"turn {number}", expected=_EXPECTED)
    return TrackTurn(clean(label), start_s, end_s)


def _time(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST_S:
        return None
    return float(value)


def by_track(stretches: Sequence[HeardStretch], track: Track) -> tuple[Attributed, ...]:
    """Everything that was said, each word the label of the turn that it overlaps most; nobody's where that is too little to be sure.

    How sure a word is: the share of its time that is that label's among all who speak then, less what of it lies beside the turn.
    """
    said = sorted((s for stretch in stretches for s in stretch.said), key=lambda s: s.words[0].start_s)
    ends = list(accumulate((t.end_s for t in track), max))
    return tuple(one for s in said for one in cut(s, *labelled(s, track, ends)))


def labelled(said: Said, track: Track, ends: Sequence[float]) -> tuple[list[str], list[float]]:
    """Each word's label, empty where nobody is sure, and how sure it is.

    `ends` is the latest end of all turns up to each, so that those long over are passed by.
    """
    labels, sure = [], []
    for word in said.words:
        first = bisect_right(ends, word.start_s - SLACK_S)
        last = bisect_left(track, word.end_s + SLACK_S, key=lambda t: t.start_s)
        label, share = _whose(word, track[first:last])
        labels.append(label if share >= SURE else "")
        sure.append(share)
    return labels, sure


def _whose(word: HeardWord, turns: Track) -> tuple[str, float]:
    """The label that has most of the word, or is nearest to it, and how sure that is: less for what lies beside the turn."""
    inside: dict[str, float] = {}
    for turn in turns:
        overlap_s = min(word.end_s, turn.end_s) - max(word.start_s, turn.start_s)
        inside[turn.label] = max(inside.get(turn.label, -SLACK_S), overlap_s)
    if not inside:
        return "", 0.0
    label = max(sorted(inside), key=lambda one: inside[one])
    own_s = inside[label]
    if own_s <= 0:
        return label, max(0.0, 1 + own_s / SLACK_S)
    beside_s = word.end_s - word.start_s - own_s
    return label, own_s / sum(max(0.0, s) for s in inside.values()) * max(0.0, 1 - beside_s / SLACK_S)
