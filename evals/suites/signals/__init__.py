"""The signals that our rules go by, on data that others labelled.

Whether a reply speaks against what stands before it (F1, by meeting), and whether a summary is consistent with its document (balanced
accuracy, by document). A signal is worth something where its interval lies above the trivial controls (`constant`, `random`, and whether
the words have a "no", "not" or "n't"), and as a reading of the record where it lies above `wording` and `elsewhere` as well.
"""

from evals.case import Batch
from evals.sources import Sources
from evals.suite import Hold, Suite
from evals.suites.signals import claims, replies

NAME = "signals"
FOLDERS = {"claims": claims, "stance": replies}


def batches(sources: Sources, seed: int) -> list[Batch]:
    """A batch for each file in a folder `claims` or `stance`, which may stand in one that is called as the suite is."""
    found = []
    for folder, module in FOLDERS.items():
        places = (place / folder for root in sources.roots for place in (root, root / NAME))
        paths = sorted({path for place in places for path in place.glob("*.jsonl")})
        found += [module.batches(path, NAME) for path in paths]
    return [b for b in found if b.cases]


SUITE = Suite(
    NAME,
    "what the rules' signals are worth on replies and summaries that others labelled",
    (*claims.metrics(), *replies.metrics()),
    batches,
)
HOLDS: dict[str, Hold] = {claims.KIND: claims.hold, replies.KIND: replies.hold}
