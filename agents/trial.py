"""A configured model tried end to end on a minute of intake and two of interview: who made each judgement, and what it cost."""

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any

from agents.ask import Ledger
from agents.desk import organisation_of
from agents.folders import criteria_of, take_in, take_in_feedback
from agents.ingestion import read_file
from agents.intake import intake_transcript
from agents.intake_agent.captured import draft
from agents.intake_agent.judgements import HearIn, Move
from agents.models import JUDGEMENTS
from agents.seam import By
from agents.turns import shape
from agents.workbench import Workbench
from alignment.people import Role
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
    """Read the sample's intake and shape its feedback with the judges that are set, on an empty workbench; judgements and costs."""
    with as_file(files("corpus") / "samples" / SAMPLE) as path:
        folder = read_search_folder(path)
        organisation = await organisation_of(bench)
        search, _ = await take_in(bench, organisation.id, folder, criteria_of(path, folder), lambda *_: None)
        feedback = await take_in_feedback(bench, search, folder)
    made: dict[str, list[By]] = {j: [] for j in JUDGEMENTS}
    for turn in [await shape(bench, organisation.id, f.id) for f in feedback]:
        for judged in (c["judged"] for c in turn.claims):
            for judgement, by in judged.items():
                made[judgement].append(By.model_validate(by))
    assert folder.intake, "the sample has an intake call"
    call = intake_transcript(search, read_file(folder.intake))
    made["read"].append((await draft(bench.intake, call)).by)
    answer = next(u.text for u in call.utterances if call.role_of(u) == Role.HIRING_MANAGER)
    made["hear"].append((await bench.intake.hear(HearIn(move=Move.MUST, side="hiring_manager", message=answer))).by)
    settings = bench.settings
    judges = {j: getattr(settings.models, j) or settings.model for j in JUDGEMENTS}
    return [_tried(j, judge, made[j]) for j, judge in judges.items()], costs(bench.ledger)


def costs(ledger: Ledger) -> list[dict[str, Any]]:
    """What was asked, a row a judgement and model, the sum last; empty where no model was asked."""
    rows = ledger.rows()
    if not rows:
        return []
    sums = [k for k in rows[0] if k not in ("judgement", "model")]
    return [*rows, {"judgement": "in all", "model": "", **{k: round(sum(r[k] for r in rows), 2) for k in sums}}]


def _tried(judgement: str, judge: str, made: Sequence[By]) -> Tried:
    whos = [by.who or RULES for by in made]
    why = tuple(dict.fromkeys(by.why for by in made if by.why and judge != RULES))
    return Tried(judgement=judgement, set_to=judge, made={who: whos.count(who) for who in dict.fromkeys(whos)}, why=why)
