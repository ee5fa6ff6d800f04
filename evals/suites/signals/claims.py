"""Whether a summary is consistent with its document: what the shaper and the referee go by, claim by claim.

Each document is stored and indexed as an interview of one voice, so that a claim is weighed as feedback is, with no contract. Two controls
show whether a signal reads the record at all: the same claim without a record, where the verdict is what its wording alone gives, and
against another document of its set.
"""

import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.desk import organisation_of
from agents.feedback_shaper import crosscheck
from agents.feedback_shaper.checking import injected
from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.judgements import ScreenIn, WeighIn
from agents.feedback_shaper.rules import RULES, polarity
from agents.feedback_shaper.rules.kinds import kinds_of
from agents.workbench import Workbench
from alignment.citation import Citation
from alignment.contract import Contract
from alignment.errors import BadRequest
from alignment.feedback import Verdict
from alignment.record import ContractId, InterviewId, SearchId, digest
from alignment.transcript import Utterance
from corpus.importers import Parsed
from evals.case import Batch, Case, Outcome, Step, Sums
from evals.meetings import Meeting, take_in
from evals.metrics import Metric
from evals.running.conditions import Conditions
from evals.sources import digest_of, read_rows
from evals.suites.judged import wording_alone
from evals.suites.signals.citing import VOICE, cited
from evals.suites.signals.counts import BalancedAccuracy, PartedAccuracy, binned, counted, half_of
from evals.suites.signals.replies import NEGATION
from retrieval.embedding import Embedder
from retrieval.nearness import Nearness, nearness
from retrieval.stretches import stretches_of
from retrieval.wording import unsupported_words
from retrieval.words import keys

KIND = "signals_claims"
NEAREST = "nearest_moment"
RULED = {
    "verdict_supported": "the verdict is supported (weighing.weigh)",
    "decisive_words": "most words shared, nothing added (crosscheck.decisive)",
    "nothing_added": "no number, time, name or denial added (unsupported_words)",
    "borne_out": "what the referee counts: supported, and nothing added (conflicts.borne)",
}
"""The signals that say yes or no; the nearest moment's closeness is a score, and is parted."""


@dataclass(frozen=True)
class Document:
    """What a claim is held against: its utterances cited; no evidence where there is no record."""

    citations: tuple[Citation, ...] = ()
    evidence: Evidence | None = None


def metrics() -> tuple[Metric, ...]:
    """Balanced accuracy of each signal."""
    ruled = (
        BalancedAccuracy(f"claim_{n}", f"claim {n}", told=f"consistent or not, balanced accuracy: {told}") for n, told in RULED.items()
    )
    nearest = "consistent or not, balanced accuracy: how close the nearest moment is, thresholds from the other half of the documents"
    return (*ruled, PartedAccuracy(f"claim_{NEAREST}", f"claim {NEAREST}", told=nearest))


def batches(path: Path, suite: str) -> Batch:
    """A case for each document; all documents of a file lie in one record, as interviews do."""
    rows, names = _rows(path), {}
    for row in rows:
        names[row["evidence"]] = f"{row['set']}-{digest(row['evidence'])[:8]}"
    after = _after(rows)
    cases = []
    for text, name in names.items():
        own = [r for r in rows if r["evidence"] == text]
        case = Case(
            suite=suite,
            id=f"{path.stem}/{name}",
            group=name,
            slices={"about": "claims", "set": own[0]["set"]},
            given={"document": digest(text), "other": digest(after[text]), "claims": [{"id": r["id"], "text": r["claim"]} for r in own]},
            expected={"consistent": [r["label"] for r in own]},
        )
        cases.append(case)
    return Batch(KIND, path, digest_of([path]), tuple(cases))


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, row in read_rows(path):
        try:
            told = {"id": str(row["id"]), "claim": row["claim"], "evidence": row["evidence"], "label": bool(row["label"])}
            rows.append({**told, "set": str(row.get("set") or path.stem)})
        except (KeyError, TypeError) as e:
            raise BadRequest(f"That is no claim with its evidence: {type(e).__name__} {e}", where=f"{path}, line {number}") from e
    return rows


def _after(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """For each document another one of its own set."""
    kin = [sorted({r["evidence"] for r in rows if r["set"] == s}) for s in sorted({r["set"] for r in rows})]
    return {text: texts[(n + 1) % len(texts)] for texts in kin for n, text in enumerate(texts)}


async def hold(batch: Batch, given: Conditions) -> AsyncIterator[Outcome]:
    """The outcome of each document; every document of the file is on record, whichever are asked about."""
    async with given.workbench() as bench:
        held = await documents(bench, [row["evidence"] for row in _rows(batch.source)])
        for case in batch.cases:
            began = time.perf_counter()
            try:
                places = {"": held[case.given["document"]], "wording": Document(), "elsewhere": held[case.given["other"]]}
                texts = [c["text"] for c in case.given["claims"]]
                said = {how: [await signals_of(t, on, bench.embedder) for t in texts] for how, on in places.items()}
            except Exception as e:  # a crash is data
                yield Outcome.crash(case, e, repeat=given.repeat, took_s=time.perf_counter() - began)
                continue
            yield _outcome(case, said, given, time.perf_counter() - began)


async def signals_of(text: str, held: Document, embedder: Embedder) -> dict[str, float]:
    """Every signal for one claim against one document: the higher, the more consistent."""
    moments = await held.evidence.moments(text) if held.evidence else ()
    supported = await _verdict(text, held, embedder) is Verdict.SUPPORTED
    added = bool(unsupported_words(text, held.citations, None))
    return {
        "verdict_supported": float(supported),
        "decisive_words": float(crosscheck.decisive(text, held.citations)),
        "nothing_added": float(not added),
        "borne_out": float(supported and not added),
        NEAREST: max((m.signals["closeness"] for m in moments), default=0.0),
    }


async def _verdict(span: str, held: Document, embedder: Embedder) -> Verdict | None:
    kinds = kinds_of(span, (await embedder.embed([span]))[0], embedder.name)
    if (await RULES.screen_claim(ScreenIn(span=span, signals=kinds))).verdict:
        return None
    moments = tuple(m for m in await held.evidence.moments(span) if not injected(m.text)) if held.evidence else ()
    weigh = RULES.weigh_evidence if held.evidence else wording_alone
    return (await weigh(WeighIn(span=span, polarity=polarity.polarity_of(span), criterion=None, moments=moments, signals=kinds))).verdict


async def documents(bench: Workbench, texts: Sequence[str]) -> dict[str, Document]:
    """Every document by its digest, stored and indexed as the product does it."""
    named = {digest(t): t for t in texts}
    owner = (await organisation_of(bench)).id
    ids = await take_in(bench, [_meeting_of(name, t) for name, t in named.items()])
    empty = Contract(id=ContractId("con"), organisation=owner, search=SearchId("srch"), version=1)
    made = {}
    for name in named:
        record = await bench.store.transcript(owner, ids[name])

        async def near_to(sought: str, interview: InterviewId = record.interview) -> dict[int, Nearness]:
            return await nearness(sought, owner, interview, index=bench.index, embedder=bench.embedder)

        evidence = await Evidence.gather(record, empty, near_to, bench.embedder)
        made[name] = Document(cited([u.text for u in record.utterances]), evidence)
    return made


def _meeting_of(name: str, text: str) -> Meeting:
    """A document as a transcript of one voice: an utterance a line, long lines in stretches."""
    lines = [Utterance(index=0, speaker=VOICE, text=" ".join(line.split())) for line in text.splitlines() if keys(line)]
    pieces = [s.text for line in lines for s in stretches_of(line)]
    said = tuple(Utterance(index=i, speaker=VOICE, text=t) for i, t in enumerate(pieces))
    return Meeting(name, Parsed(format="document", labels=(VOICE,), utterances=said, source_digest=name), ())


def _outcome(case: Case, said: Mapping[str, Sequence[Mapping[str, float]]], given: Conditions, took_s: float) -> Outcome:
    true, claims = case.expected["consistent"], case.given["claims"]
    drawn, half = random.Random(f"{given.seed} {case.id}"), half_of(case.group, given.seed)
    tossed = [drawn.random() for _ in claims]
    guesses = {
        "constant": [1.0 for _ in claims],
        "random": tossed,
        "negation": [float(not NEGATION.search(c["text"])) for c in claims],
    }
    alike = {name: [dict.fromkeys((*RULED, NEAREST), value) for value in values] for name, values in guesses.items()}
    answers = {**alike, "wording": said["wording"], "elsewhere": said["elsewhere"]}
    steps = [
        Step(kind="judged", text=c["text"], data={"consistent": so, **{k: round(v, 3) for k, v in told.items()}})
        for c, so, told in zip(claims, true, said[""], strict=True)
    ]
    return Outcome.of(
        case,
        repeat=given.repeat,
        sums=_sums(said[""], true, half),
        marks={f"{c['id']} borne out": (told["borne_out"] > 0.5) == so for c, so, told in zip(claims, true, said[""], strict=True)},
        controls={name: _sums(of, true, half) for name, of in answers.items()},
        trace=tuple(steps),
        took_s=took_s,
    )


def _sums(said: Sequence[Mapping[str, float]], true: Sequence[bool], half: str) -> Sums:
    sums = binned(f"claim {NEAREST}", [s[NEAREST] for s in said], true, half)
    for name in RULED:
        sums |= counted(f"claim {name}", [s[name] > 0.5 for s in said], true)
    return sums
