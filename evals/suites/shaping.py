"""Shaping: verdicts, criteria, moments and refusals for every gold claim of the feedback in whole searches."""

from evals.case import Batch
from evals.metrics import MacroF1, Ratio, Total
from evals.scorers.quotes import Result
from evals.sources import Sources
from evals.suite import Suite
from evals.suites import searches
from evals.suites.judged import LABEL

QUOTED = (
    Total("citations_not_verbatim", "citations_bad", "citations", told="citations that are not in the record as they claim to be"),
    *(Total(f"citations_{r.value}", f"cited_{r.value}", "citations") for r in Result if r is not Result.VERBATIM),
)
"""What becomes of citations when they are looked up once more."""


def batches(sources: Sources, seed: int) -> list[Batch]:
    """A case for each piece of feedback that has gold claims."""
    return searches.batches(sources, "shaping", "gold/feedback.jsonl")


SUITE = Suite(
    name="shaping",
    about="what becomes of each claim in the feedback: its verdict, its criterion, and the moments shown",
    metrics=(
        MacroF1("verdict_macro_f1", "verdict", told="mean F1 over the verdicts"),
        MacroF1("judge_macro_f1", LABEL, told="the same of the judge of evidence alone, before its verdict is held against the rules'"),
        Ratio("verdict_accuracy", "verdict_hit", "claims"),
        Ratio("supported_recall", "supported_hit", "supported_n", told="of the claims that the record supports, those told so"),
        Ratio("asserted_wrongly", "asserted_wrongly", "unsupported_n", "less", "of the other claims, those told as supported"),
        Ratio("contradicted_precision", "contradicted_hit", "contradicted_out"),
        Ratio("criterion_accuracy", "criterion_hit", "criterion_n"),
        Ratio("polarity_accuracy", "polarity_hit", "polarity_n"),
        Ratio("moment_hit@1", "moment_hit1", "moment_n", told="a right moment is the first one shown"),
        Ratio("moment_hit@3", "moment_hit3", "moment_n", told="a right moment is among the first three shown"),
        Ratio("cited_s_per_claim", "cited_s", "moment_n", "", "seconds of the record shown for a claim"),
        Total("extra_supported", "extra_supported", "claims", told="statements about what nobody claimed"),
        Total("supported_uncited", "supported_uncited", "claims", told="told as supported without a citation"),
        *QUOTED,
    ),
    batches=batches,
)
HOLDS = {searches.KIND: searches.hold}
