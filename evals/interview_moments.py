"""Finding the moment on interviews: `python -m evals.interview_moments SEARCH_DIR… [--home HOME]`.

Each claim of the gold feedback that has moments is looked for in its own interview, among what the candidate says where that is known.
A hit is a stretch to cite that overlaps a gold moment in time. These are few claims (47 in the five development searches, one is 0.02):
the table compares heads with each other, and says nothing finer.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.desk import organisation_of
from agents.folders import take_in
from agents.workbench import Workbench, open_workbench
from alignment.people import Role
from alignment.record import InterviewId
from alignment.settings import load_settings
from alignment.transcript import Transcript
from corpus.folders import read_search_folder
from retrieval.index import Scope
from retrieval.moments import weigh
from retrieval.question import Form, read_question
from retrieval.ranking import FEATURES, Sheet, weights
from retrieval.stretches import stretches_of

BARE = ("words", "passage_words", "meaning", "passage_meaning")
Span = tuple[float, float]


@dataclass(frozen=True)
class Looked:
    """One claim, what was found for it, and when its gold moments are, in seconds."""

    laid: Sheet
    transcript: Transcript
    gold: tuple[Span, ...]

    def hit(self, scores: NDArray[np.float64], first: int) -> bool:
        """Whether one of the first so many utterances touches a gold moment with the stretch in its middle."""
        rows = np.argsort(-np.where(self.laid.open, scores, -np.inf), kind="stable")[:first]
        return any(self._touches(int(self.laid.utterances[r])) for r in rows)

    def _touches(self, utterance: int) -> bool:
        said = self.transcript.utterances[utterance]
        pieces = stretches_of(said)
        middle = pieces[len(pieces) // 2]
        at = said.time_at(middle.start, middle.end)
        return at is not None and any(min(at[1], g[1]) > max(at[0], g[0]) for g in self.gold)


def heads(laid: Sheet) -> dict[str, NDArray[np.float64]]:
    """The scores by the learned heads and by the untrained sums that they must not fall behind."""
    z = {n: _standard(laid.features[:, FEATURES.index(n)], laid.open) for n in (*BARE, "length")}
    bare = np.sum([z[n] for n in BARE], axis=0)
    return {
        "learned, claims": laid.features @ weights(Form.CLAIM),
        "learned, questions": laid.features @ weights(Form.QUESTION),
        "sum of four z-scores": bare,
        "sum + length": bare + z["length"],
        "sum + 2 length": bare + 2 * z["length"],
        "length alone": z["length"],
    }


def _standard(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.asarray((values - values[chosen].mean()) / (values[chosen].std() + 1e-9), dtype=np.float64)


async def look(bench: Workbench, folder: Path) -> list[Looked]:
    """Every gold claim of a search that has moments, looked for."""
    told = read_search_folder(folder)
    organisation = await organisation_of(bench)
    search, _ = await take_in(bench, organisation.id, told, (), lambda _: None)
    interviews = {i.name: i.id for i in await bench.store.interviews(organisation.id, search.id)}
    asked_of = {row.id: interviews[InterviewId(row.interview)] for row in told.feedback}
    lines = (folder / "gold" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for row in map(json.loads, lines):
        found += [await _looked(bench, organisation.id, asked_of[row["id"]], claim) for claim in row["claims"] if claim["moments"]]
    return found


async def _looked(bench: Workbench, organisation: Any, interview: InterviewId, claim: Mapping[str, Any]) -> Looked:
    async def transcript(id: InterviewId) -> Transcript:
        return await bench.store.transcript(organisation, id)

    held = await transcript(interview)
    known = any(s.role is Role.CANDIDATE for s in held.speakers)
    scope = Scope(organisation, interviews=(interview,), roles=(Role.CANDIDATE,) if known else ())
    asked = read_question(claim["span"], Form.CLAIM)
    laid, _ = await weigh(asked, scope, index=bench.index, embedder=bench.embedder, transcripts=transcript)
    return Looked(laid, held, tuple((a, b) for a, b in claim["moments"]))


async def run(folders: Sequence[Path], home: Path) -> list[Looked]:
    """Import the searches and look for every claim."""
    async with open_workbench(load_settings(home=home, organisation="searches")) as bench:
        return [looked for folder in folders for looked in await look(bench, folder)]


def main() -> None:
    """Read the command line, look, print."""
    parser = argparse.ArgumentParser(prog="python -m evals.interview_moments", description="Finding the moment on interviews.")
    parser.add_argument("searches", type=Path, nargs="+", help="search folders with their gold")
    parser.add_argument("--home", type=Path, help="keep what is imported here, so that a second run starts at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        found = asyncio.run(run(given.searches, given.home or Path(fresh)))
    for head in heads(found[0].laid):
        share = {k: sum(f.hit(heads(f.laid)[head], k) for f in found) / len(found) for k in (1, 3)}
        print(f"{head:22} n={len(found)} hit@1={share[1]:.3f} hit@3={share[3]:.3f}")


if __name__ == "__main__":
    main()
