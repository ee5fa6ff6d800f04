"""Timed cues out of WebVTT and SubRip text.

WebVTT is read by a state machine of our own that agrees with the reference parser vtt.js. A library is not used because webvtt-py 0.6
silently drops a cue whose times it cannot read and keeps no line numbers: the record would lose speech, and no error could say where.
"""

import re
from dataclasses import dataclass

from corpus.importers.parsed import check_span, refusal

_STAMP = re.compile(r"(\d{1,9}):([0-5]\d)(?::([0-5]\d))?\.(\d{3})(?!\d)")
_ARROW = re.compile(r"[ \t\f]*-->[ \t\f]*")
_NOTE = re.compile(r"NOTE(?:[ \t]|$)")
_SIGNATURE = re.compile(r"WEBVTT(?:[ \t]|$)")
_LOOSE_STAMP = r"(?:(\d{1,9}):)?(\d{1,9}):(\d{1,2})(?:[.,](\d{1,3}))?"
_LOOSE_TIMING = re.compile(rf"\s*{_LOOSE_STAMP}\s*-->\s*(?:{_LOOSE_STAMP}(?:\s.*)?|(?:[a-z]+:\S+\s*)*)$")
"""Times as files have them in spite of the standard; where the end is missing, cue settings alone may stand in its place."""
_LIKE_TIMES = re.compile(r"\s*(?:\d[^\s<>]{0,20}?[:.][^\s<>]{0,20}\s*-+>|-+>\s*\d+[:.]\d)")

Span = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue as the file has it: seconds, tags and entities still in `text`, its lines joined by newlines; `line` is its timing line."""

    id: str
    start_s: float
    end_s: float | None
    text: str
    line: int


def parse_webvtt_cues(text: str) -> list[Cue]:
    """The cues that a WebVTT reader shows, in file order; a cue with unreadable times is left out, a bad signature gives none."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _Machine(lines).cues() if _SIGNATURE.match(lines[0]) else []


def read_webvtt_cues(text: str, where: str) -> list[Cue]:
    """The cues of a WebVTT file with nothing left out: a missing end or a decimal comma is read, times beyond reading are refused."""
    lines = text.split("\n")
    return _CarefulMachine(lines, where).cues() if _SIGNATURE.match(lines[0]) else []


def is_webvtt(text: str) -> bool:
    """Whether the text carries the WebVTT signature."""
    return bool(_SIGNATURE.match(text.split("\n", 1)[0]))


class _Machine:
    """Walks the blocks of a WebVTT file as the reference does."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def cues(self) -> list[Cue]:
        lines, cues = self.lines, []
        i = self.skip(1)  # the header, with its regions and metadata, ends at the first empty line
        while i < len(lines):
            if not lines[i]:
                i += 1
                continue
            named = not self.ends_text(lines[i])
            at = i + 1 if named else i
            span = None if _NOTE.match(lines[i]) or at == len(lines) else self.times(at)
            if span is None:
                i = self.skip(i, comment=bool(_NOTE.match(lines[i])))
                continue
            end = at + 1
            while end < len(lines) and lines[end] and not self.ends_text(lines[end]):
                end += 1
            cues.append(Cue(lines[i] if named else "", *span, "\n".join(lines[at + 1 : end]), at + 1))
            i = end
        return cues

    def ends_text(self, line: str) -> bool:
        """Whether the line can only be a cue's times, and so ends the text before it."""
        return "-->" in line

    def times(self, i: int) -> Span | None:
        """The times on that line, or None where it has none."""
        return _strict_times(self.lines[i])

    def skip(self, i: int, *, comment: bool = False) -> int:
        """The end of a block that holds no cue."""
        while i < len(self.lines) and self.lines[i]:
            i += 1
        return i


class _CarefulMachine(_Machine):
    """The same walk for a reader who may not lose a word: whatever looks like times is read or refused."""

    def __init__(self, lines: list[str], where: str) -> None:
        super().__init__(lines)
        self.where = where

    def ends_text(self, line: str) -> bool:
        return bool(_LIKE_TIMES.match(line))

    def times(self, i: int) -> Span | None:
        line = self.lines[i]
        span = _strict_times(line)
        if span is None and (loose := _LOOSE_TIMING.match(line)) and _has_milliseconds(loose):
            span = _loose_span(loose)
        if span is None and _LIKE_TIMES.match(line):
            raise refusal("The times of a cue cannot be read", self.where, line=i + 1, expected="00:00:01.000 --> 00:00:04.000")
        if span is not None:
            check_span(*span, self.where, i + 1)
        return span

    def skip(self, i: int, *, comment: bool = False) -> int:
        end = super().skip(i)
        for at in range(i, end if not comment else i):
            if _LIKE_TIMES.match(self.lines[at]):
                raise refusal("A cue stands inside another block", self.where, line=at + 1, expected="an empty line before each cue")
        return end


def _strict_times(line: str) -> Span | None:
    start = _stamp(line, len(line) - len(line.lstrip(" \t\f")))
    arrow = _ARROW.match(line, start[1]) if start else None
    end = _stamp(line, arrow.end()) if arrow else None
    return (start[0], end[0]) if start and end else None


def _stamp(line: str, at: int) -> tuple[float, int] | None:
    """A time in seconds and where it ends; of two fields the first is hours when it is above 59, as the reference has it."""
    found = _STAMP.match(line, at)
    if not found:
        return None
    first, second, third, milliseconds = found.groups()
    fields = (int(first), int(second), int(third or 0)) if third or int(first) > 59 else (0, int(first), int(second))
    return _seconds(*fields, int(milliseconds)), found.end()


def _seconds(hours: int, minutes: int, seconds: int, milliseconds: int) -> float:
    return round(hours * 3600 + minutes * 60 + seconds + milliseconds / 1000, 3)


def read_srt_cues(text: str, where: str) -> list[Cue]:
    """The cues of a SubRip file in file order; empty lines inside a cue belong to it, and a missing end is None."""
    lines = text.split("\n")
    timed: list[tuple[int, Span]] = []
    for i, line in enumerate(lines):
        if "-->" not in line:
            continue
        found = _LOOSE_TIMING.match(line)
        if found:
            span = _loose_span(found)
            check_span(*span, where, i + 1)
            timed.append((i, span))
        elif _LIKE_TIMES.match(line):
            raise refusal("The times of a cue cannot be read", where, line=i + 1, expected="00:00:01,000 --> 00:00:04,000")
    cues = []
    for nth, (i, span) in enumerate(timed):
        stop = _first_line(lines, timed[nth + 1][0]) if nth + 1 < len(timed) else len(lines)
        number = lines[i - 1].strip() if _first_line(lines, i) < i else ""
        cues.append(Cue(number, *span, "\n".join(lines[i + 1 : stop]).strip("\n"), i + 1))
    return cues


def is_srt(text: str) -> bool:
    """Whether a cue's times stand in the text as SubRip writes them: a decimal comma, or a cue number on the line above."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if "-->" in line and (found := _LOOSE_TIMING.match(line)):
            return "," in found.group().split("-->")[0] or _first_line(lines, i) < i
    return False


def _first_line(lines: list[str], timing: int) -> int:
    """Where the cue with that timing line begins: at the number above it, where there is one."""
    numbered = timing > 0 and lines[timing - 1].strip().isdecimal() and (timing == 1 or not lines[timing - 2].strip())
    return timing - 1 if numbered else timing


def _has_milliseconds(found: re.Match[str]) -> bool:
    """Three decimals on every time that is there, as the format demands; what is shorter may be cut off."""
    _, _, _, start, _, end_minutes, _, end = found.groups()
    return len(start or "") == 3 and (end_minutes is None or len(end or "") == 3)


def _loose_span(found: re.Match[str]) -> Span:
    start, end = found.groups()[:4], found.groups()[4:]
    return _loose_seconds(*start), _loose_seconds(*end) if end[1] is not None else None


def _loose_seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    return _seconds(int(hours or 0), int(minutes), int(seconds), int((fraction or "0").ljust(3, "0")))
