"""The measures: which cells are counted, of which of them it is so, what is told apart, and which claims show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.corpus_questions.cells import OUTSIDE, PROBINGS
from alignment.corpus_answer import Measure
from alignment.feedback import Verdict

Having = Mapping[str, tuple[str, ...]]

GRADED: Having = {"grade": ("1", "2", "3", "4")}
LOW, WELL = ("1", "2"), ("3", "4")
SHOWS_WELL = ("supported+", "contradicted-")
SHOWS_ILL = ("supported-", "contradicted+")
_UNBORNE = tuple(f"{v.value}{sign}" for v in (Verdict.NO_EVIDENCE, Verdict.TOO_VAGUE, Verdict.CONTRADICTED) for sign in "+-")
_REFUTED = ("contradicted+", "contradicted-")


@dataclass(frozen=True)
class Counted:
    """One measure: `of` are the cells it is counted over, `so` those of which it is so, each as filter fields beside the scope's.

    `unit` is what is counted once, with `readings` once for each criterion; `parts` are further counts by name, `shown_by` the claims that
    show it. `highest` puts the highest share first, else the lowest. `closed` leaves out what belongs to open rounds, `whole` counts over
    what a reader wrote in an interview, whatever the criterion.
    """

    told: str
    of: Having
    so: Having | None = None
    unit: str = "interview"
    parts: Mapping[str, Having] = field(default_factory=dict)
    shown_by: tuple[str, ...] = ()
    highest: bool = True
    closed: bool = False
    whole: bool = False
    readings: bool = False


_PROBED: Mapping[str, Having] = {p: {"probing": (p,)} for p in PROBINGS.values()}

COUNTED: Mapping[Measure, Counted] = {
    Measure.LOSSES: Counted(
        "criteria that somebody graded 1 or 2 in an interview, of those graded",
        GRADED,
        {"grade": LOW},
        parts={f"low and {p}": {"grade": LOW, "probing": (p,)} for p in PROBINGS.values()},
        shown_by=SHOWS_ILL,
        readings=True,
    ),
    Measure.STRENGTHS: Counted(
        "criteria that somebody graded 3 or 4 in an interview, of those graded",
        GRADED,
        {"grade": WELL},
        shown_by=SHOWS_WELL,
        readings=True,
    ),
    Measure.CLEAN_READS: Counted(
        "criteria with a clean read in an interview (asked and answered, graded, the panel not split, no claim left unborne), of those "
        "that it was meant to test",
        {"flags": ("meant",)},
        {"flags": ("clean",)},
        parts={p: {"flags": ("meant",), "probing": (p,)} for p in PROBINGS.values()} | {"panel split": {"flags": ("split",)}},
        shown_by=("supported+", "supported-"),
        closed=True,
        readings=True,
    ),
    Measure.PROBING: Counted(
        "criteria asked and answered in an interview, of those it was meant to test",
        {"flags": ("meant",)},
        {"flags": ("meant",), "probing": ("answered",)},
        parts={p: {"flags": ("meant",), "probing": (p,)} for p in PROBINGS.values()},
        shown_by=("supported+", "supported-"),
        highest=False,
        readings=True,
    ),
    Measure.GRADES: Counted("grades, by how often each was given", GRADED, readings=True),
    Measure.SPLITS: Counted(
        "criteria on which a candidate's panel graded apart (somebody 1 or 2, somebody 3 or 4), of those that more than one person graded",
        {"flags": ("panel",)},
        {"flags": ("split",)},
        unit="candidate",
        shown_by=(*SHOWS_WELL, *SHOWS_ILL),
        readings=True,
    ),
    Measure.UNSUPPORTED: Counted(
        "interviews with a claim that the record does not bear out, of those with settled claims in feedback",
        {"claims": ("supported+", "supported-", *_UNBORNE)},
        {"claims": _UNBORNE},
        parts={
            "no evidence": {"claims": ("no_evidence+", "no_evidence-")},
            "too vague": {"claims": ("too_vague+", "too_vague-")},
            "contradicted": {"claims": _REFUTED},
        },
        shown_by=_REFUTED,
    ),
    Measure.DRIFT: Counted(
        "interviews whose feedback uses a standard outside the contract or speaks of what is not about the job, of those with settled "
        "feedback",
        {"criterion": (OUTSIDE,), "flags": ("wrote",)},
        {"criterion": (OUTSIDE,), "flags": ("drift", "set aside")},
        parts={
            "outside the contract": {"criterion": (OUTSIDE,), "flags": ("drift",)},
            "not about the job": {"criterion": (OUTSIDE,), "flags": ("set aside",)},
        },
        whole=True,
    ),
    Measure.COUNTS: Counted("interviews on record", {}),
    Measure.CALIBRATION: Counted(
        "a reader's grades beside the panel's others on the same criterion of the same candidate (severity, in grades), and beside what "
        "settled claims on it show: interviews graded below that, of those where claims show it one way",
        {"against": ("below", "above", "with")},
        {"against": ("below",)},
        parts={"below": {"against": ("below",)}, "with": {"against": ("with",)}, "above": {"against": ("above",)}},
        shown_by=SHOWS_WELL,
    ),
}
