"""Whether altered quotes are refused for what they are, and true ones taken: drawn from transcripts by seed, and told in case files."""

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from agents.folders import criteria_of, take_in
from agents.ingestion import read_file
from agents.reading import reader
from alignment.citation import Citation, Quote
from alignment.errors import BadRequest, Elsewhere, Fabricated, Misattributed
from alignment.record import InterviewId, OrganisationId, TranscriptId
from alignment.transcript import Transcript, Utterance
from corpus.folders import read_search_folder
from corpus.speakers import map_speakers
from evals.alterations import KINDS, Interviews, draw, result_of, turns_of
from evals.case import Batch, Case, Outcome, Step
from evals.metrics import MacroF1, Metric, Ratio, Total, pair
from evals.running.conditions import Conditions
from evals.scorers.captions import said_in
from evals.scorers.quotes import Result, Said, check, said_of, words
from evals.sources import Sources, digest_of, read_cases
from evals.suite import Hold, Suite
from retrieval.verify import verify

NAME = "verification"
MOST = 400
"""How many quotes are drawn for one run, over all of its searches."""

RESULTS = ("verified", "fabricated", "misattributed", "elsewhere")
_REFUSALS: Mapping[type[Exception], str] = {Fabricated: "fabricated", Misattributed: "misattributed", Elsewhere: "elsewhere"}


def metrics() -> tuple[Metric, ...]:
    """The suite's figures: the whole, and how many of each kind came out as what they are."""
    return (
        Total("altered_accepted", "accepted", "altered", told="quotes that nobody said so, and that came out as citations"),
        Total("true_refused", "refused", "true", told="quotes that stand in the record as claimed, and were refused"),
        Total("wrong_citations", "wrong_citation", "cited", told="citations whose words, speaker or time the transcript does not bear out"),
        Ratio("refusal_type", "typed", "altered", told="altered quotes refused for what they are"),
        MacroF1("result_macro_f1", "result", told="macro-F1 over verified, fabricated, misattributed and elsewhere"),
        *(
            Ratio(f"right_{k.replace(' ', '_')}", f"right {k}", f"of {k}", told=f"of the kind “{k}”, what came out as what it is")
            for k in KINDS
        ),
    )


def batches(sources: Sources, seed: int) -> list[Batch]:
    """Quotes drawn from every search's interviews, the first search's through the record itself, and the cases told in files."""
    searches = [p for p in sources.searches("interviews") if _transcripts(p)]
    share = max(1, MOST // len(searches)) if searches else 0
    made = [_drawn(path, seed, share, "record" if n == 0 else "files") for n, path in enumerate(searches)]
    told = [Batch("verification_told", p, digest_of([p]), tuple(read_cases(p, NAME))) for p in sources.files(NAME)]
    return [b for b in (*made, *told) if b.cases]


def _drawn(path: Path, seed: int, share: int, door: str) -> Batch:
    interviews = _said(path)
    random = Random(f"{seed} {path.name}")
    turns, cases = turns_of(interviews), []
    kinds = cycle(KINDS)
    for n in range(share):
        drawn = draw(next(kinds), interviews, turns, random)
        if drawn is None:
            continue
        case = Case(
            suite=NAME,
            id=f"{path.name}/{n:03d}",
            group=path.name,
            slices={"kind": drawn.kind, "door": door},
            given={"quote": {k: v for k, v in asdict(drawn).items() if k != "kind" and v is not None}},
            expected={"result": result_of(drawn, interviews)},
        )
        cases.append(case)
    return Batch(f"verification_{door}", path, digest_of([path / "interviews"]), tuple(cases))


def _transcripts(path: Path) -> list[Path]:
    return sorted(p for p in (path / "interviews").iterdir() if p.is_file() and not p.name.startswith("."))


def _said(path: Path) -> dict[str, list[Said]]:
    return {p.stem: said_in(p) for p in _transcripts(path)}


async def hold_files(batch: Batch, conditions: Conditions) -> AsyncIterator[Outcome]:
    """Quotes against the transcripts as they were read, each speaker by the label in the file."""
    held = {p.stem: _transcript(p.stem, read_file(p).utterances) for p in _transcripts(batch.source)}
    said = _said(batch.source)
    for case in batch.cases:
        yield held_against(case, case.given["quote"], held, said, conditions)


async def hold_record(batch: Batch, conditions: Conditions) -> AsyncIterator[Outcome]:
    """Quotes against the record of a search that was taken in whole, each speaker by name where the record knows it."""
    folder, said = read_search_folder(batch.source), _said(batch.source)
    async with conditions.workbench() as bench:
        organisation = await bench.store.create_organisation(bench.settings.organisation)
        criteria = criteria_of(batch.source, folder) if (batch.source / "gold" / "contract.json").exists() else ()
        search, _ = await take_in(bench, organisation.id, folder, criteria, lambda _: None)
        read = reader(bench, organisation.id)
        held = {i.name: await read(i.id) for i in await bench.store.interviews(organisation.id, search.id)}
        for case in batch.cases:
            quote = dict(case.given["quote"])
            quote["speaker"] = held[quote["interview"]].speaker(quote["speaker"]).name or quote["speaker"]
            yield held_against(case, quote, held, said, conditions)


async def hold_told(batch: Batch, conditions: Conditions) -> AsyncIterator[Outcome]:
    """Quotes against the few utterances that a case tells."""
    for case in batch.cases:
        try:
            rows = {"interview": case.given["utterances"], **case.given.get("others", {})}
            held = {name: _transcript(name, _utterances(said)) for name, said in rows.items()}
            quote = {"interview": "interview", **case.given["quote"]}
        except (KeyError, TypeError, ValueError) as e:
            raise BadRequest(f"The case {case.id} tells no utterances and quote: {e}", where=str(batch.source)) from e
        yield held_against(case, quote, held, {name: said_of(t) for name, t in held.items()}, conditions)


def _utterances(rows: Iterable[Mapping[str, Any]]) -> tuple[Utterance, ...]:
    return tuple(Utterance(index=n, **row) for n, row in enumerate(rows))


def _transcript(name: str, utterances: tuple[Utterance, ...]) -> Transcript:
    return Transcript(
        id=TranscriptId(f"trn-{name}"),
        organisation=OrganisationId("evaluation"),
        interview=InterviewId(name),
        source_format="read",
        source_digest="0",
        speakers=map_speakers(tuple(dict.fromkeys(u.speaker for u in utterances)), (), {}),
        utterances=utterances,
    )


def held_against(case: Case, claimed: Mapping[str, Any], held: Mapping[str, Transcript], said: Interviews, given: Conditions) -> Outcome:
    """The outcome of one quote {interview, speaker, text, start_s?, end_s?}, held against the interviews by name.

    `held` is what the product reads of them, `said` what the scorers do.
    """
    began = time.perf_counter()
    transcript = held[claimed["interview"]]
    quote = Quote.model_validate({**claimed, "interview": transcript.interview})
    told = Step(kind="claimed", text=quote.text, data=dict(claimed))
    try:
        citation = verify(quote, transcript, [t for name, t in held.items() if name != claimed["interview"]])
        result, step = "verified", Step(kind="verified", text=citation.text, data=_place(citation))
    except (Fabricated, Misattributed, Elsewhere) as e:
        citation, result, step = None, _REFUSALS[type(e)], Step(kind="refused", text=str(e))
    except Exception as e:  # whatever else it raises is a failure of the product
        return Outcome.crash(case, e, repeat=given.repeat, trace=(told,))
    wrong = citation is not None and not _bears(citation, quote, claimed["interview"], said)
    expected = str(case.expected["result"])
    control = Random(f"{given.seed} {case.id}").choice(RESULTS)
    return Outcome.of(
        case,
        sums={**sums(case, expected, result), "cited": float(citation is not None), "wrong_citation": float(wrong)},
        marks={"right": result == expected},
        controls={
            name: sums(case, expected, said) for name, said in (("constant", "verified"), ("fabricated", "fabricated"), ("random", control))
        },
        repeat=given.repeat,
        answer={"result": result},
        trace=(told, step),
        took_s=time.perf_counter() - began,
    )


def sums(case: Case, expected: str, result: str) -> dict[str, float]:
    """What a result adds to the figures where another one (or the same) was right."""
    kind, altered = case.slices.get("kind", ""), expected != "verified"
    return {
        "altered": float(altered),
        "true": float(not altered),
        "accepted": float(altered and result == "verified"),
        "refused": float(not altered and result != "verified"),
        "typed": float(altered and result == expected),
        pair("result", expected, result): 1.0,
        **({f"of {kind}": 1.0, f"right {kind}": float(result == expected)} if kind else {}),
    }


def _bears(citation: Citation, quote: Quote, interview: str, interviews: Interviews) -> bool:
    """Whether the transcript bears the citation out, and its words are the claimed ones."""
    told = {
        "interview": interview,
        "speaker": citation.speaker,
        "start_s": citation.start_s,
        "end_s": citation.end_s,
        "quote": citation.text,
    }
    return "".join(words(citation.text)) == "".join(words(quote.text)) and check(told, interviews) in (Result.VERBATIM, Result.TOO_LONG)


def _place(citation: Citation) -> dict[str, Any]:
    return {
        "speaker": citation.spoken,
        "first": citation.first,
        "last": citation.last,
        "start_s": citation.start_s,
        "end_s": citation.end_s,
    }


SUITE = Suite(
    NAME,
    "Quotes from transcripts, true and altered: whether each comes out as what it is.",
    metrics(),
    batches,
)
HOLDS: dict[str, Hold] = {"verification_files": hold_files, "verification_record": hold_record, "verification_told": hold_told}
