"""A conference tool's own speaker track: who it says was speaking when, given beside a recording.

Either JSON, a list of turns (or an object that holds one as `turns`), `[{"speaker": "Dana Fox", "start": 0.0, "end": 4.2}, …]` in seconds;
or a transcript with times and speakers in any format that is read here (WebVTT of Teams or Zoom and the like), whose words are passed over.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment.errors import BadTranscript
from corpus.heard import Attributed, HeardStretch, HeardWord, Said
from corpus.importers import UNKNOWN_SPEAKER, Parsed, read_transcript
from corpus.importers.decoding import decode
from corpus.importers.json_text import is_json, load
from corpus.importers.parsed import LONGEST_S, clean, refusal
from corpus.turns.cutting import SURE, cut

# Tools light up the speaker a little late, and let go a little late.
SLACK_S = 0.5
MOST_TURNS, MOST_LABELS, LABEL_CHARS = 50_000, 100, 100
_EXPECTED = 'a list of turns such as {"speaker": "Dana Fox", "start": 0.0, "end": 4.2}, or a transcript with times and speakers'


@dataclass(frozen=True, slots=True)
class TrackTurn:
    """One turn of the track: a label and when, in seconds."""

    label: str
    start_s: float
    end_s: float


Track = tuple[TrackTurn, ...]
"""All turns by when they begin."""

Spans = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""By label when it begins and ends to speak, in order and apart from each other."""


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
    found = list(_spoken(_transcript(content, name), name)) if turns is None else turns
    found = [turn for turn in found if turn.label != UNKNOWN_SPEAKER]
    if not found:
        raise refusal("The track names nobody at any time", name, expected=_EXPECTED)
    if len(found) > MOST_TURNS or len({t.label for t in found}) > MOST_LABELS:
        raise refusal(f"The track has more than {MOST_TURNS} turns, or than {MOST_LABELS} speakers", name, expected=_EXPECTED)
    return tuple(sorted(found, key=lambda t: (t.start_s, t.end_s, t.label)))


def turns_of(track: Track) -> list[dict[str, Any]]:
    """The turns as a plain list, which `track_in` reads as JSON."""
    return [{"speaker": t.label, "start": t.start_s, "end": t.end_s} for t in track]


def written(track: Track) -> str:
    """The turns as they are kept, in JSON."""
    return json.dumps([[t.label, t.start_s, t.end_s] for t in track])


def read_written(document: str) -> Track:
    """The turns of what `written` made; none of an empty document."""
    return tuple(TrackTurn(*turn) for turn in json.loads(document or "[]"))


def _transcript(content: bytes, name: str) -> Parsed:
    try:
        return read_transcript(content, where=name)
    except BadTranscript as e:  # which would have a transcript, and of a track more than that may be read
        raise BadTranscript(f"That is no speaker track. {e.what}", where=e.where, todo=f"Expected: {_EXPECTED}.") from e


def _spoken(parsed: Parsed, name: str) -> Iterator[TrackTurn]:
    """The turns of a transcript, cue by cue."""
    for u in parsed.utterances:
        if u.speaker != UNKNOWN_SPEAKER and u.start_s is not None and u.end_s is not None:
            yield from (TrackTurn(_label(u.speaker, name), start_s, end_s) for _, start_s, end_s in u.marks or ((0, u.start_s, u.end_s),))


def _turns(content: bytes, name: str) -> list[TrackTurn] | None:
    """The turns of a plain list; None where the file is something else."""
    try:
        text = decode(content, name)
        rows: Any = load(text, name) if is_json(text) else None
    except BadTranscript:  # what it is instead is told when it is read as a transcript
        return None
    rows = rows.get("turns") if isinstance(rows, dict) else rows
    if not isinstance(rows, list) or any(not isinstance(row, dict) or "text" in row or "words" in row for row in rows):
        return None
    return [_turn(row, name, number) for number, row in enumerate(rows, 1)]


def _turn(row: dict[str, Any], name: str, number: int) -> TrackTurn:
    label, start_s, end_s = row.get("speaker"), _time(row.get("start")), _time(row.get("end"))
    if not isinstance(label, str) or not clean(label) or start_s is None or end_s is None or end_s < start_s:
        raise refusal("That is no turn of a speaker track", name, item=f"turn {number}", expected=_EXPECTED)
    return TrackTurn(_label(label, name), start_s, end_s)


def _label(text: str, name: str) -> str:
    label = clean(text)
    if len(label) > LABEL_CHARS or not label.isprintable():
        raise refusal(f"A speaker's name is a line of at most {LABEL_CHARS} characters", name, expected=_EXPECTED)
    return label


def _time(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST_S:
        return None
    return float(value)


def by_track(stretches: Sequence[HeardStretch], track: Track) -> tuple[Attributed, ...]:
    """Everything that was said, each word the label of the turns that it overlaps most; nobody's where that is too little to be sure.

    How sure a word is: the share of its time that is that label's among all who speak then, less what of it lies beside the turns.
    """
    said = sorted((s for stretch in stretches for s in stretch.said), key=lambda s: s.words[0].start_s)
    spans = spans_of(track)
    return tuple(one for s in said for one in cut(s, *labelled(s, spans)))


def spans_of(track: Track) -> Spans:
    """When each label speaks: turns that touch each other are one."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for turn in track:
        starts, ends = found.setdefault(turn.label, ([], []))
        if ends and turn.start_s <= ends[-1]:
            ends[-1] = max(ends[-1], turn.end_s)
        else:
            starts.append(turn.start_s)
            ends.append(turn.end_s)
    return found


def labelled(said: Said, spans: Spans) -> tuple[list[str], list[float]]:
    """Each word's label, empty where nobody is sure, and how sure it is."""
    found = [_whose(word, spans) for word in said.words]
    return [label if sure >= SURE else "" for label, sure in found], [sure for _, sure in found]


def _whose(word: HeardWord, spans: Spans) -> tuple[str, float]:
    """The label that has most of the word, or is nearest to it, and how sure that is: less for what lies beside the turns."""
    inside = {label: own_s for label, of in spans.items() if (own_s := _inside(word, *of)) is not None}
    if not inside:
        return "", 0.0
    label = max(sorted(inside), key=lambda one: inside[one])
    own_s = inside[label]
    if own_s <= 0 and sum(s == own_s for s in inside.values()) > 1:  # as near to one as to another
        return "", 0.0
    if own_s <= 0:
        return label, max(0.0, 1 + own_s / SLACK_S)
    beside_s = word.end_s - word.start_s - own_s
    return label, own_s / sum(max(0.0, s) for s in inside.values()) * max(0.0, 1 - beside_s / SLACK_S)


def _inside(word: HeardWord, starts: Sequence[float], ends: Sequence[float]) -> float | None:
    """Seconds of the word in these spans; less than nothing, how far off the nearest is; None where that is too far."""
    near = range(bisect_right(ends, word.start_s - SLACK_S), bisect_left(starts, word.end_s + SLACK_S))
    overlaps = [min(word.end_s, ends[i]) - max(word.start_s, starts[i]) for i in near]
    return sum(s for s in overlaps if s > 0) or max(overlaps, default=None)
