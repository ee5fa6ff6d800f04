"""Missing signal: criteria that the panel never tested, with a question to ask and who could ask it."""

from collections.abc import Sequence

from agents.debrief_referee.material import Material
from agents.debrief_referee.places import Place, cited
from agents.panel_questions import questions
from alignment.debrief import Finding, FindingKind
from alignment.feedback import Probing
from alignment.record import PersonId

_WHAT = {
    Probing.NEVER_ASKED: "nobody asked about it",
    Probing.NOT_ANSWERED: "it was asked and not answered",
    Probing.OFF_THE_POINT: "what came back where it was to be probed tells, taken together, hardly a deed of the candidate's own",
}


def missing(material: Material, criterion: str, whole: Probing, places: Sequence[Place]) -> Finding | None:
    """The finding that a criterion was not tested; None where it was."""
    if whole is Probing.ANSWERED:
        return None
    asker = _asker(material, criterion)
    return Finding(
        kind=FindingKind.MISSING_SIGNAL,
        text=f"{criterion} was {'hardly' if whole is Probing.OFF_THE_POINT else 'not'} tested: {_WHAT[whole]}."
        + (f" {material.called(asker)} could ask." if asker else ""),
        criterion=material.criterion(criterion).id,
        probing=whole,
        question=questions(material.criterion(criterion))[0],
        asker=asker,
        refuting=() if whole is Probing.NEVER_ASKED else cited(material, places, lambda p: p.meaning),
    )


def _asker(material: Material, criterion: str) -> PersonId | None:
    """Who was to probe it, else whoever has least to probe."""
    panel = {s.person: len(s.focus) for s in material.search.panel}
    meant = [s.person for s in material.search.panel if criterion in s.focus]
    return meant[0] if meant else min(panel, key=lambda p: (panel[p], material.called(p))) if panel else None
