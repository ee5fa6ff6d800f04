"""Speakers written in front of their words (`Dana Reyes: Hello`), told apart from colons in ordinary speech.

One line alone cannot be judged, so the file is: speakers' names look like names, recur, and open most cues or, where a name is
written only when the speaker changes, open the cues at which it does.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

MOSTLY, USUALLY, SOMETIMES = 0.9, 0.5, 0.1
LONGEST_LABEL = 60
_PREFIX = re.compile(r"\s*(?:>>+\s*)?([^\n:\uff1a]{1,60}?)\s*(?::(?=\s|$)|\uff1a)\s*")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_PARTICLE = re.compile("al|and|bin|da|de|del|della|den|der|di|dos|du|el|ibn|la|le|ten|ter|van|von|zu")
_SENTENCE = re.compile(r"[?!;\"“”]|\.\.|\w{5,}\.(?=\s|$)")


def split_labels(cues: Sequence[Sequence[str]]) -> list[list[tuple[str, str]]]:
    """For each cue, given as its lines, what is said and by which label; an empty label where the file names nobody."""
    accepted = accepted_labels([lines[0] if lines else "" for lines in cues])
    split = [_split_cue(lines, accepted) for lines in cues]
    return _carry_on(split) if _named_at_changes_only(split) else split


def label_of(line: str) -> str:
    """What stands before the first colon of a line, where that could be a speaker at all; else empty."""
    found = _PREFIX.match(line)
    return found.group(1).strip() if found else ""


def accepted_labels(openings: Sequence[str]) -> frozenset[str]:
    """The labels that a file uses, judged over the first line of every cue or paragraph."""
    counts = Counter(label for opening in openings if (label := label_of(opening)))
    fits = {label: n for label, n in counts.items() if looks_like_a_name(label) or (n >= 3 and _short(label))}
    recurring = {label for label, n in fits.items() if n >= 2}
    share = sum(fits.values()) / max(1, len(openings))
    several = {label for label in fits if " " in label}
    if share >= MOSTLY:
        return frozenset(fits) if len(fits) > 1 else frozenset(recurring | several)
    if share >= USUALLY:
        return frozenset(recurring | several)
    often = {label for label in recurring if looks_like_a_name(label)}
    if len(often) >= 2 and sum(fits[label] for label in often) >= SOMETIMES * len(openings):
        return frozenset(often)
    return frozenset()


def looks_like_a_name(label: str) -> bool:
    """Whether every word is written as names are: at most six, none in lower case but a particle, no sentence's punctuation."""
    words = _ASIDE.sub("", label).split()
    if not 1 <= len(words) <= 6 or len(label) > LONGEST_LABEL or _SENTENCE.search(label):
        return False
    named = [w for w in words if not _PARTICLE.fullmatch(w)]
    return bool(named) and all(not w[0].islower() for w in named) and any(c.isalpha() for c in label)


def _short(label: str) -> bool:
    return len(label.split()) <= 3 and not _SENTENCE.search(label) and "," not in label and any(c.isalpha() for c in label)


def _split_cue(lines: Sequence[str], accepted: frozenset[str]) -> list[tuple[str, str]]:
    parts: list[tuple[str, list[str]]] = []
    for line in lines:
        found = _PREFIX.match(line)
        label = found.group(1).strip() if found else ""
        if found and label in accepted:
            parts.append((label, [line[found.end() :]]))
        elif parts and not line.startswith(">>"):
            parts[-1][1].append(line)
        else:
            parts.append(("", [line]))
    return [(label, " ".join(words)) for label, words in parts]


def _named_at_changes_only(cues: Sequence[Sequence[tuple[str, str]]]) -> bool:
    """Whether the file writes a name when the speaker changes and leaves it out while the same one goes on."""
    labels = [label for parts in cues for label, _ in parts]
    named = [label for label in labels if label]
    repeated = sum(a == b for a, b in pairwise(named))
    return len(set(named)) >= 2 and (len(labels) - len(named)) >= 0.2 * len(labels) and repeated <= 0.05 * len(named)


def _carry_on(cues: Sequence[Sequence[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    carried, last = [], ""
    for parts in cues:
        row = []
        for label, text in parts:
            last = "" if text.startswith(">>") else label or last
            row.append((label or last, text))
        carried.append(row)
    return carried
