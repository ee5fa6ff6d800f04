"""A configured model tried end to end on two minutes of interview: who made each judgement in the end, and what it cost."""

from importlib.resources import as_file, files
from typing import Any

from agents.ask import Ledger
from agents.desk import organisation_of
from agents.folders import criteria_of, take_in, take_in_feedback
from agents.models import JUDGEMENTS
from agents.turns import Turn, shape
from agents.workbench import Workbench
from alignment.record import Record
from alignment.settings import RULES
from corpus.folders import read_search_folder

SAMPLE = "two-minutes"


class Tried(Record):
    """One judgement on trial: which judge was set, how often it was needed, how often each judge made it, and why the rules stood in."""

    judgement: str
    set_to: str
    made: dict[str, int]
    why: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether the judge that is set made it each time; what was not needed proves nothing and fails nothing."""
        return not set(self.made) - {self.set_to}


async def try_models(bench: Workbench) -> tuple[list[Tried], list[dict[str, Any]]]:
    """Shape the sample's feedback with the judges that are set; the workbench has to be empty. Returns judgements and costs."""
    with as_file(files("corpus") / "samples" / SAMPLE) as path:
        folder = read_search_folder(path)
        organisation = await organisation_of(bench)
        search, _ = await take_in(bench, organisation.id, folder, criteria_of(path, folder), lambda *_: None)
        feedback = await take_in_feedback(bench, search, folder)
    turns = [await shape(bench, organisation.id, f.id) for f in feedback]
    settings = bench.settings
    judges = {j: getattr(settings.models, j) or settings.model for j in JUDGEMENTS}
    return [_tried(j, judge, turns) for j, judge in judges.items()], costs(bench.ledger)


def costs(ledger: Ledger) -> list[dict[str, Any]]:
    """What was asked, a row a judgement and model, the sum last; empty where no model was asked."""
    rows = ledger.rows()
    if not rows:
        return []
    sums = [k for k in rows[0] if k not in ("judgement", "model")]
    return [*rows, {"judgement": "in all", "model": "", **{k: round(sum(r[k] for r in rows), 2) for k in sums}}]


def _tried(judgement: str, judge: str, turns: list[Turn]) -> Tried:
    made = [c["judged"][judgement] for t in turns for c in t.claims if judgement in c["judged"]]
    counts = {who: sum(m["who"] == who for m in made) for who in dict.fromkeys(m["who"] for m in made)}
    why = tuple(dict.fromkeys(m["why"] for m in made if m["why"] and judge != RULES))
    return Tried(judgement=judgement, set_to=judge, made=counts, why=why)
