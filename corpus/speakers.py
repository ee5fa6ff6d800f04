"""Raw speaker labels and the people of a search: who a label stands for, and how we know it.

A label is mapped by a given mapping, else by name when it fits exactly one person; whatever else stays unmapped, because a wrong name on
words that somebody said is worse than no name. One person may have several labels. A person with several roles has the first that applies
of candidate, interviewer, hiring manager and recruiter: in an interview a hiring manager on the panel speaks as an interviewer. Who calls
for an intake session passes the recruiter and the hiring manager alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from alignment.errors import Conflict, NotFound
from alignment.people import Person, Role
from alignment.record import PersonId
from alignment.transcript import Certainty, Speaker
from corpus.importers.parsed import UNKNOWN_SPEAKER

PRECEDENCE = (Role.CANDIDATE, Role.INTERVIEWER, Role.HIRING_MANAGER, Role.RECRUITER)
_TITLES = frozenset(["dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame"])
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_PARTS = re.compile(r"[|/@•,]|\s[-–—]\s")
_TWO_PEOPLE = re.compile(r"&|\+|\b(?:and|with)\b", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")

Seat = tuple[Person, Role]


def map_speakers(labels: Iterable[str], people: Sequence[Seat], given: Mapping[str, PersonId | str] | None = None) -> tuple[Speaker, ...]:
    """One speaker for each label, in their order.

    `given` maps a label to a person's id or name. NotFound tells which labels or people there are when it names another; Conflict when
    a given name is that of several people.
    """
    distinct = tuple(dict.fromkeys(labels))
    seats = _one_role_each(people)
    chosen = {label: _given_seat(label, who, distinct, seats) for label, who in (given or {}).items()}
    return tuple(
        _speaker(label, chosen[label], Certainty.GIVEN) if label in chosen else _speaker(label, fitting(label, seats), Certainty.NAMED)
        for label in distinct
    )


def fitting(label: str, people: Sequence[Seat]) -> Seat | None:
    """The one person whom a label names, or None where it names nobody or could name two."""
    if label == UNKNOWN_SPEAKER:
        return None
    bare = _ASIDE.sub(" ", label).strip()
    parts = [part for part in _PARTS.split(bare) if part.strip()]
    whole = [seat for seat in people if _whole_name(bare, seat)]
    beside = [seat for seat in people if any(_whole_name(part, seat) for part in parts)]
    if beside:  # a company's name may stand there too, but not somebody else's
        beside += [seat for seat in people if seat not in beside and any(_part_of_a_name(part, seat) for part in parts)]
    partly = [seat for seat in people if _part_of_a_name(bare, seat)]
    found = whole or beside or partly
    return found[0] if len(found) == 1 else None


def _whole_name(label: str, seat: Seat) -> bool:
    """The full name, or "Last, First"."""
    name, last_first = _words(seat[0].name), label.split(",")
    return bool(name) and (_words(label) == name or (len(last_first) == 2 and _words(f"{last_first[1]} {last_first[0]}") == name))


def _part_of_a_name(label: str, seat: Seat) -> bool:
    """First name alone, title and last name, or first and last with an initial or a middle name; never a label for two people."""
    words, name = _words(label), _words(seat[0].name)
    if not name or not words or _TWO_PEOPLE.search(label) or "," in label:
        return False
    if words[0] in _TITLES and len(words) > 1:
        return words[1:] in (name, name[1:], name[-1:])
    if len(words) == 1:
        return words == name[:1]
    if len(name) == 1 or words[0] != name[0] or len(words) > 4:
        return False
    initial = len(words) == 2 and len(words[1]) == 1 and words[1] == name[-1][0]
    return initial or words == name[: len(words)] or words[1:] == name[-1:] or (len(words) == 3 and words[-1] == name[-1])


def _words(name: str) -> list[str]:
    """A name's words for comparison: no case, no accents, no punctuation."""
    flat = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return _NOT_LETTERS.sub(" ", flat.replace("’", "").replace("'", "")).split()


def _one_role_each(people: Sequence[Seat]) -> tuple[Seat, ...]:
    seats: dict[PersonId, Seat] = {}
    for person, role in sorted(people, key=lambda seat: PRECEDENCE.index(seat[1])):
        seats.setdefault(person.id, (person, role))
    return tuple(seats.values())


def _given_seat(label: str, who: str, labels: Sequence[str], people: Sequence[Seat]) -> Seat:
    if label not in labels:
        raise NotFound(f"No speaker is labelled “{label}”", todo=f"The labels are: {', '.join(labels)}.")
    if label == UNKNOWN_SPEAKER:
        todo = "Say of single utterances who said them."
        raise Conflict(f"“{label}” is whoever could not be told apart, and stands for no one person", where=f"speaker “{label}”", todo=todo)
    found = [seat for seat in people if seat[0].id == who] or [seat for seat in people if _words(seat[0].name) == _words(who)]
    if not found:
        raise NotFound(f"“{who}” does not take part", where=f"speaker “{label}”", todo=f"Who does: {', '.join(p.name for p, _ in people)}.")
    if len(found) > 1:
        raise Conflict(
            f"“{who}” is the name of {len(found)} people",
            where=f"speaker “{label}”",
            todo=f"Give one of their ids: {', '.join(p.id for p, _ in found)}.",
        )
    return found[0]


def _speaker(label: str, seat: Seat | None, certainty: Certainty) -> Speaker:
    if seat is None:
        return Speaker(label=label)
    person, role = seat
    return Speaker(label=label, person=person.id, name=person.name, role=role, certainty=certainty)
