"""What is said in a transcript's file, read for the scorers by other code than the product's importers.

WebVTT, SubRip and plain JSON (`segments` or `utterances` of speaker, start, end and text) are read here: voice tags or names in front of
the words, entities, times; consecutive cues or segments of one speaker are one turn, as in the product. An importer that adds, drops or
moves words is then seen by whoever looks quotes up.

What this cannot see: every other format (Otter's text, WhisperX and other JSON, text that is no UTF-8) comes from the product's own reader,
so that an importer of these is trusted. Captions that scroll, each line shown twice, are not unrolled: a quote over the seam counts as bad.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from agents.ingestion import read_file
from evals.scorers.quotes import Said, said_of

NOBODY = "unknown speaker"
"""Whoever the file does not name, called as the product calls them."""

_CLOCK = r"(?:(\d+):)?(\d+):(\d+)[.,](\d{3})"
_TIMES = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}.*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]*)>|</v\s*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+\s*>|\{\\[^{}]*\}")
_NAMED = re.compile(r"\s*([^:\n]{1,60}?)\s*:\s+(?=\S)")
_SENTENCE = re.compile(r"[?!;\"“”]")

Cue = tuple[float, float, str]


def said_in(path: Path) -> list[Said]:
    """The turns of a transcript, each by the label that stands in the file."""
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raw = ""
    if path.suffix.lower() == ".json":
        return _told(raw) or said_of(read_file(path))
    found = _captions(list(_cues(raw))) if path.suffix.lower() in (".vtt", ".srt") else []
    return _turns(found) or said_of(read_file(path))


def _cues(raw: str) -> Iterator[Cue]:
    for block in re.split(r"\n[ \t]*\n", raw):
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines[:3]) if _TIMES.match(line)), None)
        if at is not None and (found := _TIMES.match(lines[at])):
            fields = found.groups()
            yield _seconds(*fields[:4]), _seconds(*fields[4:]), "\n".join(lines[at + 1 :])


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return round(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000, 3)


def _captions(cues: list[Cue]) -> list[Said]:
    """The cues by their start; names are written as voice tags, or else in front of the words."""
    cues = sorted(cues, key=lambda cue: cue[0])
    if any("<v" in body and _VOICE.search(body) for _, _, body in cues):
        return [Said(who, start, end, _plain(text)) for start, end, body in cues for who, text in _voices(body)]
    plain = [(start, end, [_plain(line) for line in body.split("\n")]) for start, end, body in cues]
    names = _names(line for _, _, lines in plain for line in lines)
    return _carried([Said(who, start, end, text) for start, end, lines in plain for who, text in _by_name(lines, names)])


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _voices(body: str) -> Iterator[tuple[str, str]]:
    who, at = "", 0
    for tag in _VOICE.finditer(body):
        yield who, body[at : tag.start()]
        who, at = _plain(tag.group(1) or ""), tag.end()
    yield who, body[at:]


def _names(lines: Iterable[str]) -> set[str]:
    """What stands before a colon at the head of two lines, or of one and is written as a full name is."""
    heads = Counter(found.group(1) for line in lines if (found := _NAMED.match(line)))
    return {head for head, n in heads.items() if not _SENTENCE.search(head) and (n > 1 or (" " in head and head == head.title()))}


def _by_name(lines: Iterable[str], names: set[str]) -> Iterator[tuple[str, str]]:
    """The words of a cue by who says them; a line without a name goes on with the one before."""
    found: list[tuple[str, str]] = []
    for line in lines:
        named = _NAMED.match(line)
        if named and named.group(1) in names:
            found.append((named.group(1), line[named.end() :]))
        else:
            who, text = found.pop() if found else ("", "")
            found.append((who, f"{text} {line}".strip()))
    yield from found


def _carried(said: list[Said]) -> list[Said]:
    """Where names are written at a change of speaker alone, whoever was named last goes on."""
    named = [u.speaker for u in said if u.speaker]
    if any(a == b for a, b in pairwise(named)) or len(set(named)) < 2 or len(named) == len(said):
        return said
    last, carried = "", []
    for u in said:
        last = u.speaker or last
        carried.append(u._replace(speaker=last))
    return carried


def _told(raw: str) -> list[Said]:
    """Plain JSON; nothing where it is anything else, or tells its words one by one."""
    try:
        told: Any = json.loads(raw)
        rows = told.get("segments") or told["utterances"]
        if any("words" in r for r in rows):
            return []
        said = [Said(str(r["speaker"]), float(r["start"]), float(r["end"]), " ".join(r["text"].split())) for r in rows]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    return _turns(said) if told.get("segments") else said


def _turns(said: list[Said]) -> list[Said]:
    """Consecutive words of one speaker as one turn; what nobody is named for stays as it is."""
    turns = []
    spoken = [u for u in said if u.text]
    for who, group in groupby(enumerate(spoken), key=lambda row: row[1].speaker or row[0]):
        run = [u for _, u in group]
        starts, ends = [u.start_s for u in run if u.start_s is not None], [u.end_s for u in run if u.end_s is not None]
        speaker = who if isinstance(who, str) else NOBODY
        turns.append(Said(speaker, min(starts, default=None), max(ends, default=None), " ".join(u.text for u in run)))
    return turns
