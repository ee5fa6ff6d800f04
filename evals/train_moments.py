"""The weights of `retrieval/ranking.py`, learned from people's links.

Usage: `python -m evals.train_moments --data DIR [--home HOME] [--meetings N] [--write]`.

The recipe: the train meetings alone, imported and indexed as a user's interviews are; the features that the product computes for a
question asked of its own meeting; a linear head for each form of question, by listwise softmax (the share of each relevant turn against
all turns of the meeting) with a small ridge penalty on standardised weights, by Newton's method with halved steps (the loss is convex).
Claims teach the head for claims, questions the head for questions, whatever form their sentences have.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.desk import organisation_of
from agents.workbench import Workbench, open_workbench
from alignment.record import InterviewId, OrganisationId
from alignment.settings import load_settings
from alignment.transcript import Transcript
from evals.meetings import Meeting, read_meetings, take_in
from retrieval.index import Scope
from retrieval.moments import weigh
from retrieval.question import Form, read_question
from retrieval.ranking import FEATURES

RIDGE = 1e-2
STEPS = 30
ENOUGH = 1e-9
FORMS = {"claims": Form.CLAIM, "questions": Form.QUESTION}
WEIGHTS = Path(__file__).parents[1] / "retrieval" / "moment_weights.json"

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One question: the features of every utterance of its meeting (n, F), and which of them are relevant (n,)."""

    features: Matrix
    relevant: NDArray[np.bool_]


async def examples(bench: Workbench, meetings: Sequence[Meeting]) -> dict[Form, list[Example]]:
    """What the product sees for each claim and each question asked of its own meeting; those without a relevant turn are left out."""
    organisation = (await organisation_of(bench)).id
    ids = await take_in(bench, meetings)
    made: dict[Form, list[Example]] = {form: [] for form in Form}
    for meeting in meetings:
        for asked in meeting.asked:
            form = FORMS[asked.kind]
            example = await _example(bench, organisation, ids[meeting.name], asked.text, form, asked.relevant)
            if example.relevant.any():
                made[form].append(example)
    return made


async def _example(
    bench: Workbench, organisation: OrganisationId, interview: InterviewId, text: str, form: Form, relevant: frozenset[int]
) -> Example:
    async def transcript(id: InterviewId) -> Transcript:
        return await bench.store.transcript(organisation, id)

    scope = Scope(organisation, interviews=(interview,))
    asked = read_question(text, form)
    laid, _ = await weigh(asked, scope, index=bench.index, embedder=bench.embedder, transcripts=transcript)
    return Example(laid.features[laid.open], np.isin(laid.utterances[laid.open], list(relevant)))


def learn(given: Sequence[Example]) -> Matrix:
    """The weights (F,) that make the relevant utterances likeliest."""
    spread = np.concatenate([e.features for e in given]).std(axis=0)
    # A feature that never varies gets no weight instead of an endless one.
    scale = np.where(spread > 0, 1 / np.where(spread > 0, spread, 1.0), 0.0)
    rows = [(e.features * scale, e.relevant / e.relevant.sum()) for e in given]
    found = np.zeros(len(FEATURES))
    loss, slope, curve = _loss(rows, found)
    for _ in range(STEPS):
        step = np.linalg.solve(curve, slope)
        while (after := _loss(rows, found - step))[0] > loss:
            step = step / 2
        better, found = loss - after[0], found - step
        loss, slope, curve = after
        if better < ENOUGH:
            break
    return np.asarray(found * scale, dtype=np.float64)


def _loss(rows: Sequence[tuple[Matrix, Matrix]], weights: Matrix) -> tuple[float, Matrix, Matrix]:
    """The penalised loss with its first and second derivative."""
    loss, slope, curve = RIDGE * float(weights @ weights) / 2, RIDGE * weights, RIDGE * np.eye(len(weights))
    for features, wanted in rows:
        told = features @ weights
        likely = np.exp(told - told.max())
        total = likely.sum()
        likely /= total
        mean = likely @ features
        loss += float(told.max() + np.log(total) - wanted @ told) / len(rows)
        slope = slope + (mean - wanted @ features) / len(rows)
        curve = curve + ((features * likely[:, None]).T @ features - np.outer(mean, mean)) / len(rows)
    return loss, slope, curve


async def run(data: Path, home: Path, meetings: int) -> dict[str, object]:
    """The learned weights with how they were made, as they are written."""
    chosen = read_meetings(data, "train")[: meetings or None]
    async with open_workbench(load_settings(home=home, organisation="meetings")) as bench:
        made = await examples(bench, chosen)
        embedder = bench.embedder.name
    weights = {form.value: dict(zip(FEATURES, learn(made[form]).round(3).tolist(), strict=True)) for form in Form}
    recipe = {
        "script": "python -m evals.train_moments",
        "data": "moments/train (QMSum, ExplainMeetSum, AMI)",
        "meetings": len(chosen),
        "examples": {form.value: len(made[form]) for form in Form},
        "ridge": RIDGE,
        "embedder": embedder,
    }
    return {"recipe": recipe, "weights": weights}


def main() -> None:
    """Read the command line, learn, print, and write where told."""
    parser = argparse.ArgumentParser(prog="python -m evals.train_moments", description="Learn how evidence is weighed.")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds moments/train")
    parser.add_argument("--home", type=Path, help="keep what is imported here, so that a second run starts at once")
    parser.add_argument("--meetings", type=int, default=0, help="learn from the first so many meetings")
    parser.add_argument("--write", action="store_true", help="replace retrieval/moment_weights.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        learned = asyncio.run(run(given.data, given.home or Path(fresh), given.meetings))
    text = json.dumps(learned, indent=2) + "\n"
    print(text)
    if given.write:
        WEIGHTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
