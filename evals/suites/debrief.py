"""The debrief: conflicts and the side that the record supports, missing signal, over-indexing, drift, injections."""

from evals.case import Batch
from evals.metrics import F1, MacroF1, Ratio
from evals.sources import Sources
from evals.suite import Suite
from evals.suites import searches
from evals.suites.shaping import QUOTED


def batches(sources: Sources, seed: int) -> list[Batch]:
    """A case for each search that has a gold debrief."""
    return searches.batches(sources, "debrief", "gold/debrief.json")


SUITE = Suite(
    name="debrief",
    about="the findings of each search's packet, and the moments laid beside them",
    metrics=(
        *(F1(f"{kind}_f1", f"{kind}_hit", f"{kind}_told", f"{kind}_there") for kind in ("conflicts", "missing", "over_indexing", "drift")),
        MacroF1("side_macro_f1", "side", told="which side of a conflict the record supports, mean F1 over the sides"),
        Ratio("conflict_moment_hit@3", "conflict_moments_hit", "conflict_moments_n", told="a right moment is among three of its side"),
        Ratio("injections_found", "injections_hit", "injections_there"),
        Ratio("injections_precision", "injections_hit", "injections_told"),
        *QUOTED,
    ),
    batches=batches,
)
HOLDS = {searches.KIND: searches.hold}
