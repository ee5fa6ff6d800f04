"""From words that somebody claims were said to a citation, or to a typed refusal; nothing is repaired and nothing is guessed.

A quote passes where its words (see `retrieval/words.py` for what may differ) stand in the record as one run of whole words, said by one
speaker in one utterance or in utterances that follow each other directly. Its speaker must be the one who said it: the label in the file,
the label in inverted commas, or the name that exactly one mapped person bears. Utterances and times that a quote claims must agree.
"""

import unicodedata
from collections.abc import Collection, Sequence
from itertools import pairwise

from alignment.citation import Citation, Quote
from alignment.errors import Elsewhere, Fabricated, Misattributed
from alignment.transcript import Transcript, clock
from retrieval.runs import Run, times_of, tokens_of, wording_at
from retrieval.words import keys

TIME_TOLERANCE_S = 2.0
"""How far a claimed time may lie outside the time of the words."""

PLACE_TOLERANCE = 3
"""How many utterances a citation without times may move when a corrected transcript splits or joins some."""


def verify(quote: Quote, transcript: Transcript, others: Sequence[Transcript] = ()) -> Citation:
    """The citation that a quote amounts to; Misattributed, Elsewhere or Fabricated, each with a sentence that helps, where it is none.

    `others` are the further interviews in which to look for words that are not in this one. Of several places that agree with the
    claim the first is taken.
    """
    if quote.interview != transcript.interview:
        raise Elsewhere(
            f"“{_short(quote.text)}” is claimed of interview {quote.interview}, and this is the record of {transcript.interview}",
            todo="Check the quote against the interview that it names.",
        )
    sought = keys(quote.text)
    if not any(c.isalnum() for key in sought for c in key):
        raise Fabricated("The quote holds no words", where=f"interview {quote.interview}", todo="Quote what was said, word for word.")
    labels = _labels(quote.speaker, transcript)
    said: list[Run] = []
    others_said: list[Run] = []
    for run in tokens_of(transcript).runs(sought, transcript):
        if run.label not in labels:
            others_said.append(run)
        elif _agrees(quote, run, transcript):
            return _cite(run, transcript)
        else:
            said.append(run)
    if said:
        raise _not_there(quote, said, transcript)
    if others_said:
        raise _not_theirs(quote, others_said[0], labels, transcript)
    raise _not_here(quote, sought, transcript, others)


def reverify(citation: Citation, transcript: Transcript) -> Citation:
    """The same citation in another version of its transcript; the same errors where that version no longer bears it out.

    The words must still be said by the same person (an unmapped speaker: under the same label) and at the same place: at the cited
    time, or, where there are no times, in the cited utterance or, if that is the only place, within PLACE_TOLERANCE of it.
    """
    times = {"start_s": citation.start_s, "end_s": citation.end_s} if citation.start_s is not None else {}
    quote = Quote(interview=citation.interview, text=citation.text, speaker=citation.name or f"“{citation.speaker}”", **times)
    if citation.interview != transcript.interview:
        return verify(quote, transcript)
    runs = list(tokens_of(transcript).runs(keys(citation.text), transcript))
    labels = _labels_of_cited(citation, transcript)
    said = [run for run in runs if run.label in labels]
    if near := _nearest(citation, quote, said, transcript):
        return _cite(near, transcript)
    if said:
        raise _not_there(quote, said, transcript)
    if runs:
        raise _not_theirs(quote, min(runs, key=lambda r: abs(r.first - citation.first)), labels, transcript)
    raise _not_here(quote, keys(citation.text), transcript, ())


def check_citation(citation: Citation, transcript: Transcript) -> None:
    """Refuse a stored citation that is not, to the letter, what `verify` makes of its place in the record.

    Elsewhere where interview, version, digest, span or times differ; Fabricated where the words do; Misattributed where the speaker does.
    """
    where = f"interview {citation.interview}, version {citation.transcript_version}"
    todo = "Verify it anew against the record."
    tokens = tokens_of(transcript)
    mine = (citation.interview, citation.transcript, citation.transcript_version, citation.transcript_digest)
    if mine != (transcript.interview, transcript.id, transcript.version, tokens.digest):
        raise Elsewhere("The citation was made from another version of the record", where=where, todo=todo)
    if not 0 <= citation.first <= citation.last < len(transcript.utterances):
        raise Elsewhere("The citation names utterances that the record does not have", where=where, todo=todo)
    place = (citation.first, citation.last, citation.start_char, citation.end_char)
    if wording_at(transcript, *place) != citation.text:
        raise Fabricated(f"“{_short(citation.text)}” is not what the record holds at {_place(citation.first)}", where=where, todo=todo)
    here = (r for r in tokens.runs(keys(citation.text), transcript) if (r.first, r.last, r.start_char, r.end_char) == place)
    run = next(here, None)
    if run is None:
        raise Elsewhere(f"“{_short(citation.text)}” is no run of whole words of one speaker", where=where, todo=todo)
    proper = _cite(run, transcript)
    theirs = (citation.speaker, citation.person, citation.name, citation.role)
    if theirs != (proper.speaker, proper.person, proper.name, proper.role):
        raise Misattributed(
            f"“{_short(citation.text)}” was said by {proper.spoken}, not by {citation.spoken} as the citation has it",
            where=where,
            todo=todo,
        )
    if citation.attribution is None:  # made before citations carried it: silent about it, which is not wrong
        proper = proper.model_copy(update={"attribution": None})
    if citation != proper:
        raise Elsewhere(f"“{_short(citation.text)}” was not said at the time that the citation names", where=where, todo=todo)


def _cite(run: Run, transcript: Transcript) -> Citation:
    speaker = transcript.speaker(run.label)
    first, last = transcript.utterances[run.first], transcript.utterances[run.last]
    begin = first.time_at(run.start_char, run.end_char if run.first == run.last else len(first.text))
    finish = last.time_at(run.start_char if run.first == run.last else 0, run.end_char)
    start_s, end_s = (begin[0], max(begin[0], finish[1])) if begin and finish else (None, None)
    return Citation(
        interview=transcript.interview,
        transcript=transcript.id,
        transcript_version=transcript.version,
        transcript_digest=tokens_of(transcript).digest,
        speaker=run.label,
        person=speaker.person,
        name=speaker.name,
        role=speaker.role.value if speaker.role else "",
        first=run.first,
        last=run.last,
        start_char=run.start_char,
        end_char=run.end_char,
        start_s=start_s,
        end_s=end_s,
        text=wording_at(transcript, run.first, run.last, run.start_char, run.end_char),
        unsure=_unsure(run, transcript),
        attribution=_attribution(run, transcript),
    )


def _unsure(run: Run, transcript: Transcript) -> tuple[str, ...]:
    """Words of the run that were not heard clearly, each once."""
    found: dict[str, None] = {}
    for index in range(run.first, run.last + 1):
        utterance = transcript.utterances[index]
        start = run.start_char if index == run.first else 0
        end = run.end_char if index == run.last else len(utterance.text)
        found |= dict.fromkeys(utterance.doubted(start, end))
    return tuple(found)


def _attribution(run: Run, transcript: Transcript) -> float | None:
    """How sure it is who spoke, of the utterance of the run of which that is least sure."""
    told = (u.attribution for u in transcript.utterances[run.first : run.last + 1])
    return min((sure for sure in told if sure is not None), default=None)


def _labels(claimed: str, transcript: Transcript) -> Collection[str]:
    """The labels that a claimed speaker may stand for; a name that two people bear stands for nobody."""
    by_label = {s.label for s in transcript.speakers if claimed in (s.label, f"“{s.label}”")}
    if claimed.startswith("“"):
        return by_label
    named = [s for s in transcript.speakers if s.name and _plain(s.name) == _plain(claimed)]
    if not named:
        return by_label
    return {s.label for s in named} if len({s.person or s.label for s in named}) == 1 else set()


def _labels_of_cited(citation: Citation, transcript: Transcript) -> Collection[str]:
    if citation.person:
        return {s.label for s in transcript.speakers if s.person == citation.person}
    return _labels(citation.name or f"“{citation.speaker}”", transcript)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _agrees(quote: Quote, run: Run, transcript: Transcript) -> bool:
    if quote.utterances and not set(range(run.first, run.last + 1)) <= set(quote.utterances):
        return False
    if quote.start_s is None and quote.end_s is None:
        return True
    between, words_between = times_of(run, transcript)
    claimed = [t for t in (quote.start_s, quote.end_s) if t is not None]
    inside = all(between[0] - TIME_TOLERANCE_S <= t <= between[1] + TIME_TOLERANCE_S for t in claimed)
    ordered = all(a <= b for a, b in pairwise(claimed))
    starts_in_time = quote.start_s is None or quote.start_s <= words_between[1] + TIME_TOLERANCE_S
    ends_in_time = quote.end_s is None or quote.end_s >= words_between[0] - TIME_TOLERANCE_S
    return inside and ordered and starts_in_time and ends_in_time


def _nearest(citation: Citation, quote: Quote, said: Sequence[Run], transcript: Transcript) -> Run | None:
    timed = [run for run in said if quote.start_s is not None and _agrees(quote, run, transcript)]
    if timed:
        return min(timed, key=lambda run: abs((_cite(run, transcript).start_s or 0.0) - (citation.start_s or 0.0)))
    if citation.start_s is not None and transcript.timed:
        return None
    close = [run for run in said if abs(run.first - citation.first) <= PLACE_TOLERANCE]
    same = [run for run in close if run.first == citation.first]
    if same:
        return min(same, key=lambda run: abs(run.start_char - citation.start_char))
    return close[0] if len(close) == 1 else None


def _not_there(quote: Quote, said: Sequence[Run], transcript: Transcript) -> Elsewhere:
    places = ", ".join(_place(first, transcript) for first in sorted({run.first for run in said})[:3])
    untimed = transcript.utterances[said[0].first].start_s is None and (quote.start_s is not None or quote.end_s is not None)
    why = "; this record has no times, so none can be claimed" if untimed else ", not where the quote says"
    return Elsewhere(
        f"{quote.speaker} says “{_short(quote.text)}” at {places}{why}",
        where=f"interview {quote.interview}",
        todo="Name that place, or leave the place out.",
    )


def _not_theirs(quote: Quote, run: Run, labels: Collection[str], transcript: Transcript) -> Misattributed:
    speaker = transcript.speaker(run.label)
    unknown = "" if labels else f", and nobody in this record can be told by “{quote.speaker}” alone"
    label = "" if speaker.name else " That label is not mapped to a person, so it is cited as it stands."
    return Misattributed(
        f"“{_short(quote.text)}” was said by {speaker.spoken}, not by {quote.speaker}{unknown}",
        where=f"interview {quote.interview}, {_place(run.first, transcript)}",
        todo=f"Name the one who said it, or drop the quote.{label}",
    )


def _not_here(quote: Quote, sought: Sequence[str], transcript: Transcript, others: Sequence[Transcript]) -> Elsewhere | Fabricated:
    for other in others:
        if other.interview == transcript.interview:
            continue
        for run in tokens_of(other).runs(sought, other):
            return Elsewhere(
                f"“{_short(quote.text)}” was said by {other.speaker(run.label).spoken} in another interview, not in this one",
                where=f"interview {other.interview}, {_place(run.first, other)}",
                todo="Cite it from that interview, or drop it.",
            )
    return Fabricated(
        f"Nobody says “{_short(quote.text)}” in this record",
        where=f"interview {quote.interview}",
        todo="Quote the record word for word, or put it as a question.",
    )


def _place(index: int, transcript: Transcript | None = None) -> str:
    start_s = transcript.utterances[index].start_s if transcript else None
    return f"u{index}" if start_s is None else f"u{index} ({clock(start_s)})"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else f"{flat[:119]}…"
