"""`plumbline demo`: the main job on the sample search that ships with the product."""

from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer

from agents.folders import criteria_of, take_in, take_in_feedback, take_in_scorecards
from agents.turns import shape
from alignment.settings import RULES
from api import screen
from api.session import desk, run
from api.states import state_of
from corpus.folders import SearchFolder, read_search_folder

SAMPLE = "harbour-analyst"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("demo")(demo)


def demo() -> None:
    """Shape the feedback of the sample search: two interviews, one contract, and what the record says of every claim.

    It runs in a home of its own that is removed afterwards; the sample's consents are stated to be recorded elsewhere.
    """
    with as_file(files("corpus") / "samples" / SAMPLE) as path:
        run(_demo(path))


async def _demo(path: Path) -> None:
    folder = read_search_folder(path)
    with TemporaryDirectory(prefix="plumbline-demo-") as home:
        async with desk(home=Path(home), store_url="", index="", checkpoints_url="") as (bench, organisation):
            with screen.progress("Reading", len(folder.interviews)) as advance:
                search, ingested = await take_in(bench, organisation.id, folder, criteria_of(path, folder), advance)
            feedback = await take_in_feedback(bench, search, folder)
            await take_in_scorecards(bench, search, folder)
            contract = await bench.store.contract(organisation.id, search.id)
            _introduce(folder, bench.judgements.by)
            screen.show_contract(state_of(contract).model_dump(mode="json"))
            told: list[dict[str, Any]] = []
            writers = {row.id: row for row in folder.feedback}
            for f in feedback:
                turn = await shape(bench, organisation.id, f.id)
                row = writers[f.name]
                screen.say("")
                screen.say(f"{f.name}  {row.interviewer} on {row.interview}", "bold")
                for claim in turn.shown:
                    screen.show_claim(claim)
                told += turn.shown
    _sum_up(told, sum(len(i.transcript.utterances) for _, i in ingested))


def _introduce(folder: SearchFolder, judges: str) -> None:
    screen.say(folder.title, "bold")
    people = f"Recruiter {folder.recruiter}, hiring manager {folder.hiring_manager}, candidate {folder.candidate}"
    screen.say(f"{people}; {'rules alone, no model, no network' if judges == RULES else f'judged by {judges}'}.")


def _sum_up(told: list[dict[str, Any]], utterances: int) -> None:
    statements = sum(c["kind"] == "statement" for c in told)
    questions = sum(c["kind"] == "question" for c in told)
    aside = len(told) - statements - questions
    cited = sum(len(c["moments"]) for c in told)
    screen.say("")
    screen.say(
        f"{statements} statements to accept, {questions} open questions, {aside} set aside; {cited} citations, "
        f"each found word for word among {utterances} utterances."
    )
    screen.say("Now on your own files: plumbline search new --from FOLDER, or see the README, step by step.", "dim")
