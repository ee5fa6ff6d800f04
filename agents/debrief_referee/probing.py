"""How a criterion was tested in an interview, read off the transcript and never off a scorecard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.debrief_referee.material import Material
from agents.debrief_referee.places import Place, question_of
from alignment.citation import Citation
from alignment.feedback import Probing
from alignment.record import InterviewId
from retrieval.exchanges import NON_ANSWER, Exchange
from retrieval.nearness import Nearness

ASKED = 0.29
"""The cosine from which a question is about a criterion: unrelated ones lie at 0.2, questions about it at 0.35 and more."""

NEAREST = 10
"""How many of the candidate's stretches that come nearest to a criterion are looked at for deeds of their own."""

OWN_SHARE = 0.6
"""Below that share of the deeds that the same candidate tells elsewhere in as many words, the answers pass the criterion by."""

SHORT = 25
"""A reply of fewer words that passes answers nothing."""

_ZERO = Nearness()


@dataclass(frozen=True)
class Probed:
    """How a criterion was tested in one interview, and the question that came nearest to it."""

    probing: Probing
    asked: Citation | None


def probed(material: Material, criterion: str, places: Sequence[Place], *, cite: bool = True) -> dict[InterviewId, Probed]:
    """How each interview tested it; without `cite` no question is looked up, which counting does not need."""
    return {id: _in_one(material, criterion, id, [p for p in places if p.interview == id], cite) for id in material.transcripts}


def on_the_whole(material: Material, criterion: str, found: Mapping[InterviewId, Probed], places: Sequence[Place]) -> Probing:
    """How the panel tested it in all: by the best of its interviews, or off the point where the answers tell no deeds of their own."""
    tested = [p.probing for p in found.values()]
    if all(p is Probing.NEVER_ASKED for p in tested):
        return Probing.NEVER_ASKED
    if Probing.ANSWERED not in tested:
        return Probing.NOT_ANSWERED if Probing.NOT_ANSWERED in tested else Probing.OFF_THE_POINT
    meant = material.probed_in(criterion) or frozenset(material.transcripts)
    return Probing.OFF_THE_POINT if _passes_by([p for p in places if p.interview in meant]) else Probing.ANSWERED


def _in_one(material: Material, criterion: str, interview: InterviewId, places: Sequence[Place], cite: bool) -> Probed:
    near = material.near.get((interview, criterion), {})
    exchanges = material.exchanges[interview]
    closest = [(max((near.get(i, _ZERO).meaning for i in e.asked), default=0.0), n) for n, e in enumerate(exchanges)]
    about = sorted((pair for pair in closest if pair[0] >= ASKED), reverse=True)
    if not about:
        return Probed(Probing.NEVER_ASKED, None)
    asked = None if not cite else next((q for _, n in about if (q := question_of(material, interview, exchanges[n]))), None)
    if all(_passed(material, interview, exchanges[n]) for _, n in about):
        return Probed(Probing.NOT_ANSWERED, asked)
    return Probed(Probing.OFF_THE_POINT if _passes_by(places) else Probing.ANSWERED, asked)


def _passed(material: Material, interview: InterviewId, exchange: Exchange) -> bool:
    reply = " ".join(material.transcripts[interview].utterances[i].text for i in exchange.reply)
    return bool(NON_ANSWER.search(reply)) and len(reply.split()) <= SHORT


def _passes_by(places: Sequence[Place]) -> bool:
    """Whether what comes nearest to the criterion tells markedly fewer own deeds than the candidate's words around it do."""
    words, deeds = sum(p.words for p in places), sum(p.own for p in places)
    nearest = sorted(places, key=lambda p: (-p.meaning, p.utterance, p.stretch.start))[:NEAREST]
    said = sum(p.words for p in nearest)
    if not deeds or not said:
        return not deeds
    return sum(p.own for p in nearest) / said < OWN_SHARE * deeds / words
