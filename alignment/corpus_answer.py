"""The answer to a question over all searches: exact counts, what was counted, and moments that show it."""

from enum import StrEnum

from pydantic import Field

from alignment.citation import Citation
from alignment.record import PersonId, Record, SearchId, Text

FEWEST = 3
"""Fewer interviews than these say too little."""

CALIBRATED = 5
"""A reader is not set beside others on fewer interviews than these."""


class Measure(StrEnum):
    """What a corpus question counts."""

    LOSSES = "losses"
    STRENGTHS = "strengths"
    CLEAN_READS = "clean_reads"
    PROBING = "probing"
    GRADES = "grades"
    SPLITS = "splits"
    UNSUPPORTED = "unsupported"
    DRIFT = "drift"
    CALIBRATION = "calibration"
    MOMENTS = "moments"
    COUNTS = "counts"
    CANNOT = "cannot"
    UNCLEAR = "unclear"


class Grouping(StrEnum):
    """What the rows of an answer stand for."""

    COMPETENCY = "competency"
    LINE = "line"
    ROLE_FAMILY = "role_family"
    INTERVIEWER = "interviewer"
    SEARCH = "search"
    PROBING = "probing"


class Severity(Record):
    """How a reader's grades lie beside the panel's others: mean distance in grades, 95% interval, and how far single grades scatter.

    Below zero is harsher. `readings` grades in `interviews` interviews of `searches` searches were compared with what others gave.
    """

    mean: float
    lo: float
    hi: float
    spread: float
    readings: int
    interviews: int
    searches: int


class CorpusRow(Record):
    """One group: of how many (`counted` says of what) it is so in how many, over how many interviews.

    `share` lies between `lo` and `hi` by Wilson's 95% interval, as wide as so many independent interviews (candidates, for splits) make it.
    `parts` are exact counts of what the measure tells apart; for calibration they count single grades. `search` and `candidate` tell where
    a row of moments is from.
    """

    group: str
    of: int
    interviews: int = 0
    so: int | None = None
    share: float | None = None
    lo: float | None = None
    hi: float | None = None
    parts: dict[str, int] = Field(default_factory=dict)
    median: float | None = None
    severity: Severity | None = None
    search: SearchId | None = None
    candidate: PersonId | None = None
    citations: tuple[Citation, ...] = ()


class CorpusAnswer(Record):
    """Exact counts over one organisation's interviews.

    `counted` says in words what is counted, `scope` what it was narrowed to, `period` over which days. `interviews`, `candidates` and
    `searches` are how many the scope has, `undated` how many interviews were left out of a period for want of a date, `waiting` how many
    belong to rounds that are still open, whose grades and claims are not counted. Groups of fewer than three interviews are in `too_few` by
    name and not shown, `total` is all of the scope as one group, and `more` is how many further groups there are beyond the rows. `note`
    says what could not be answered.
    """

    question: Text
    measure: Measure
    counted: str = ""
    scope: str = ""
    period: str = "all time"
    interviews: int = 0
    candidates: int = 0
    searches: int = 0
    undated: int = 0
    waiting: int = 0
    total: CorpusRow | None = None
    rows: tuple[CorpusRow, ...] = ()
    more: int = 0
    too_few: tuple[str, ...] = ()
    note: str = ""
