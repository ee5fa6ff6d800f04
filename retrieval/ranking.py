"""From evidence to an order of utterances: a few explainable features of each, and one short row of weights for each form of question.

Every feature has the same meaning in an interview of 70 utterances and in a corpus: cosines as they are, BM25 divided by the root of the
number of words asked for (and never by the best score found, which would make a chance match in a short interview look like a sure one).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from alignment.transcript import Transcript
from retrieval.index import Gathered, Hit
from retrieval.question import Form, Question, labels_named

Matrix = NDArray[np.float64]

OWN = ("words", "passage_words", "meaning", "passage_meaning", "named")
REACHES = {"near": 60, "around": 400}
"""How far, in spoken words to either side, what is said about an utterance counts towards it."""
FEATURES = (*OWN, "length", *(f"{name}_{reach}" for reach in REACHES for name in OWN))
BM25_UNIT = 10.0
USUAL_LENGTH = 12.0
"""Words of an utterance of which nothing was found, so that its length is not known."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """What was found, laid out by utterance: row r is utterance `utterances[r]` of `interviews[of[r]]`.

    `own` has a column for each of OWN, `lengths` counts words. Only rows that are `open` may be an answer; the others stand around them.
    `versions` names the transcript of each interview that the index holds.
    """

    interviews: tuple[str, ...]
    versions: Mapping[str, str]
    of: NDArray[np.int64]
    utterances: NDArray[np.int64]
    own: Matrix
    lengths: Matrix
    open: NDArray[np.bool_]

    @cached_property
    def features(self) -> Matrix:
        """One row an utterance, one column for each of FEATURES."""
        return np.concatenate([self.own, np.log1p(self.lengths)[:, None], *self._surroundings()], axis=1)

    def scores(self, form: Form) -> Matrix:
        """One number a row, higher where the utterance bears more on the question; comparable within one question only."""
        return np.asarray(self.features @ weights(form), dtype=np.float64)

    def order(self, form: Form) -> list[int]:
        """The open rows, best first; equals in the order of the record."""
        scores = np.where(self.open, self.scores(form), -np.inf)
        return [int(r) for r in np.argsort(-scores, kind="stable")[: int(self.open.sum())]]

    def told_by(self, question: Question, transcripts: Sequence[Transcript]) -> "Sheet":
        """The rows of these transcripts alone, with those marked whose speaker is named; another version than the indexed one has none."""
        own, open_ = self.own.copy(), np.zeros_like(self.open)
        column = OWN.index("named")
        for transcript in transcripts:
            if self.versions.get(transcript.interview) != transcript.id:
                continue
            rows = self.of == self.interviews.index(transcript.interview)
            named = labels_named(question, transcript)
            open_ |= self.open & rows
            if named:
                own[rows, column] = [float(transcript.utterances[u].speaker in named) for u in self.utterances[rows]]
        return replace(self, own=own, open=open_)

    def only(self, inside: Collection[tuple[str, int]]) -> "Sheet":
        """The same with no other rows open than these utterances, given by interview and utterance index."""
        places = zip(self.of, self.utterances, strict=True)
        return replace(self, open=self.open & np.array([(self.interviews[o], int(u)) in inside for o, u in places], dtype=bool))

    def _surroundings(self) -> list[Matrix]:
        """For each reach the mean of every column over the utterances within it, nearer ones counting more; interviews do not mix."""
        # Half a word keeps utterances without words apart, and the gap between interviews is wider than any reach.
        widths = np.maximum(self.lengths, 0.5)
        places = np.cumsum(widths) - widths / 2 + self.of * (2.0 * max(REACHES.values()) + 1.0)
        return [_means(_means(self.own, places, reach), places, reach) for reach in REACHES.values()]


def _means(values: Matrix, places: Matrix, reach: float) -> Matrix:
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    begin, end = np.searchsorted(places, places - reach), np.searchsorted(places, places + reach, side="right")
    return np.asarray((sums[end] - sums[begin]) / (end - begin)[:, None], dtype=np.float64)


def sheet(question: Question, found: Gathered, interviews: Sequence[str], limit: int) -> Sheet:
    """What was found in these interviews, laid out; a ranking that reached the `limit` may have left out what is as good as its last."""
    unit = BM25_UNIT * question.terms**0.5
    rankings = ((found.utterance_sparse, unit), (found.passage_sparse, unit), (found.utterance_dense, 1.0), (found.passage_dense, 1.0))
    wanted = set(interviews)
    kept = [[h for h in hits if h.interview in wanted] for hits, _ in rankings]
    sizes = dict.fromkeys(interviews, 0)
    for hit in (h for hits in kept for h in hits):
        sizes[hit.interview] = max(sizes[hit.interview], hit.last + 1)
    starts = dict(zip(interviews, accumulate(sizes.values(), initial=0), strict=False))
    total = sum(sizes.values())
    own = np.zeros((total, len(OWN)))
    for column, ((hits, scale), ours) in enumerate(zip(rankings, kept, strict=True)):
        own[:, column] = hits[-1].score / scale if len(hits) >= limit else 0.0
        _fill(own[:, column], ours, starts, scale)
    spoken = np.repeat(np.array([starts[i] for i in interviews], np.int64), list(sizes.values()))
    lengths, open_ = _lengths(total, kept, starts)
    return Sheet(
        interviews=tuple(interviews),
        versions={h.interview: h.transcript for hits in kept for h in hits},
        of=np.repeat(np.arange(len(interviews)), list(sizes.values())),
        utterances=np.arange(total) - spoken,
        own=own,
        lengths=lengths,
        open=open_,
    )


def _fill(column: Matrix, hits: Iterable[Hit], starts: Mapping[str, int], scale: float) -> None:
    for hit in hits:
        part = column[starts[hit.interview] + hit.first : starts[hit.interview] + hit.last + 1]
        np.maximum(part, hit.score / scale, out=part)


def _lengths(total: int, kept: Sequence[Sequence[Hit]], starts: Mapping[str, int]) -> tuple[Matrix, NDArray[np.bool_]]:
    """The words of each row and whether it was found as an utterance; of others the length is a share of their passage's."""
    lengths, known = np.full(total, USUAL_LENGTH), np.zeros(total, dtype=bool)
    utterances_sparse, passages_sparse, utterances_dense, passages_dense = kept
    for hit in (*passages_sparse, *passages_dense):
        start = starts[hit.interview]
        lengths[start + hit.first : start + hit.last + 1] = hit.words / (hit.last - hit.first + 1)
    for hit in (*utterances_sparse, *utterances_dense):
        lengths[starts[hit.interview] + hit.first] = hit.words
        known[starts[hit.interview] + hit.first] = True
    return lengths, known


@cache
def weights(form: Form) -> Matrix:
    """The learned weight of each feature for this form of question; the file says how they were made."""
    learned = json.loads((files("retrieval") / "moment_weights.json").read_text(encoding="utf-8"))["weights"][form.value]
    return np.array([learned[name] for name in FEATURES])
