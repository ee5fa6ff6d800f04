"""Where in the record a criterion is spoken of: every stretch of the candidate's words, with what speaks for it showing something."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from agents.debrief_referee.material import Material, Reading
from agents.language.injections import addressed
from alignment.citation import Citation, Quote
from alignment.errors import Unverified
from alignment.feedback import Polarity, Verdict
from alignment.record import InterviewId
from alignment.transcript import Transcript
from retrieval.exchanges import Exchange
from retrieval.nearness import Nearness
from retrieval.stretches import Stretch, stretches_of
from retrieval.verify import verify

SHOWN = 3
RANKS = (2.5, 1.5, 1.0)
"""What it is worth that a claim on the criterion was weighed by a stretch, by how far up it stood."""

CLAIMED = 2.0
FOCUSED = 1.0
REFUSED = 2.0
_ZERO = Nearness()
_ONLY_ASKS = re.compile(r"[^.!?]{1,80}\?")
"""A stretch that is one short question shows nothing of who asks it."""

_UNWEIGHED = (Verdict.NOT_JOB_RELATED, Verdict.TOO_VAGUE)


@dataclass(frozen=True)
class Place:
    """One stretch of the candidate's words.

    `near` is how near it is to the criterion (four signals, standardised within its interview and summed), `meaning` the raw cosines of
    it and of its surroundings, `told` its substance, standardised; `own` counts deeds told in the first person, `asks` that it is a
    question alone. `positive` and `negative` are what claims of that polarity on the criterion make of it.
    """

    interview: InterviewId
    exchange: int
    utterance: int
    stretch: Stretch
    near: float
    meaning: float
    told: float
    own: int
    words: int
    refuses: bool
    asks: bool
    focused: bool
    positive: float
    negative: float


def places_on(material: Material, criterion: str) -> list[Place]:
    """Every stretch of every interview towards that criterion, none that speaks to an AI reader."""
    readings = [r for r in material.readings if r.criterion == criterion and r.verdict not in _UNWEIGHED]
    focused = material.probed_in(criterion)
    found: list[Place] = []
    for interview in material.transcripts:
        found += _places(material, criterion, interview, [r for r in readings if r.interview == interview], interview in focused)
    return found


def _places(material: Material, criterion: str, interview: InterviewId, readings: Sequence[Reading], focused: bool) -> list[Place]:
    near = material.near.get((interview, criterion), {})
    rows = material.told[interview]
    own = [near.get(r.utterance, _ZERO) for r in rows]
    names = ("terms", "window_terms", "meaning", "window_meaning")
    summed = sum((_standardised([getattr(n, name) for n in own]) for name in names), start=np.zeros(len(rows)))
    told = _standardised([r.substance.score for r in rows])
    return [
        Place(
            interview=interview,
            exchange=r.exchange,
            utterance=r.utterance,
            stretch=r.stretch,
            near=float(summed[k]),
            meaning=own[k].meaning + own[k].window_meaning,
            told=float(told[k]),
            own=r.deeds,
            words=len(r.stretch.text.split()),
            refuses=r.substance.refusals > 0,
            asks=bool(_ONLY_ASKS.fullmatch(r.stretch.text.strip())),
            focused=focused,
            positive=_claimed(readings, r.utterance, r.stretch, Polarity.POSITIVE),
            negative=_claimed(readings, r.utterance, r.stretch, Polarity.NEGATIVE),
        )
        for k, r in enumerate(rows)
    ]


def _claimed(readings: Sequence[Reading], utterance: int, stretch: Stretch, polarity: Polarity) -> float:
    """What claims of that polarity make of a stretch: those that are neither count as positive, as they speak for more than against."""
    best = 0.0
    for reading in readings:
        if (reading.polarity is Polarity.NEGATIVE) != (polarity is Polarity.NEGATIVE):
            continue
        for worth, moment in zip(RANKS, reading.moments, strict=False):
            if moment.first == utterance and moment.start_char < stretch.end and stretch.start < moment.end_char:
                best = max(best, worth)
    return best


def _standardised(values: Sequence[float]) -> np.ndarray:
    numbers = np.array(values, dtype=float)
    spread = float(numbers.std()) if len(numbers) else 0.0
    return (numbers - numbers.mean()) / spread if spread > 1e-9 else np.zeros(len(numbers))


def shows_for(place: Place) -> float:
    """How well a stretch shows that the criterion is met: near it, told as a deed, and what claims rest on."""
    return place.near + place.told + CLAIMED * 2 * (place.positive + 0.5 * place.negative) + FOCUSED * place.focused


def shows_against(place: Place) -> float:
    """How well it shows that it is not: near it, what claims against it rest on, or where the candidate passes."""
    return place.near + CLAIMED * 2 * (place.negative + 0.5 * place.positive) + FOCUSED * place.focused + REFUSED * place.refuses


def cited(
    material: Material, places: Sequence[Place], worth: Callable[[Place], float], taken: Sequence[Citation] = (), most: int = SHOWN
) -> tuple[Citation, ...]:
    """The best few, each from another exchange, as verified citations; none of what is taken."""
    found: list[Citation] = []
    seen: set[tuple[InterviewId, int]] = set()
    spent = {(c.interview, c.first) for c in taken}
    for place in sorted(places, key=lambda p: (-worth(p), p.interview, p.utterance, p.stretch.start)):
        if len(found) == most:
            break
        if (place.interview, place.exchange) in seen or (place.interview, place.utterance) in spent or place.asks:
            continue
        transcript = material.transcripts[place.interview]
        speaker = transcript.utterances[place.utterance].speaker
        citation = citation_of(transcript, place.stretch.text, speaker, place.utterance)
        if citation:
            seen.add((place.interview, place.exchange))
            found.append(citation)
    return tuple(found)


def citation_of(transcript: Transcript, text: str, speaker: str, utterance: int) -> Citation | None:
    """The verified citation of words of one utterance; None where the record does not hold them."""
    try:
        return verify(Quote(interview=transcript.interview, text=text, speaker=speaker, utterances=(utterance,)), transcript)
    except Unverified:
        return None


def question_of(material: Material, interview: InterviewId, exchange: Exchange) -> Citation | None:
    """The question that an exchange was opened with, as its last words that ask."""
    transcript = material.transcripts[interview]
    for i in reversed(exchange.asked):
        utterance = transcript.utterances[i]
        for stretch in reversed(stretches_of(utterance)):
            if "?" in stretch.text and not addressed(stretch.text):
                return citation_of(transcript, stretch.text, utterance.speaker, i)
    return None
