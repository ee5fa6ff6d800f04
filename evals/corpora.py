"""A company's corpus, made from the repository's sample search, the same for the same seed: `python -m evals.corpora --interviews 200`.

Searches of eight role families, five candidates each, two interviews a candidate. An interview keeps a random part of the sample's
exchanges in their order, retimed; who interviews is drawn from a pool, each with a leaning of their own (a grade harsher, a grade milder,
or neither) that is written down, so that a calibration can be checked. Grades, claims and what the record made of them are drawn too;
every statement's citation goes through `verify`. Vectors of utterances are the embedder's own, computed once a text; a passage's is the
mean of its utterances', since embedding 20,000 interviews would take hours: what is measured on such a corpus is cost, not finding.
"""

import argparse
import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from agents.desk import SearchPlan, SeatPlan, add_feedback, add_scorecard, interview_id, open_interview, open_search, organisation_of
from agents.ingestion import read_file
from agents.workbench import Workbench, open_workbench
from alignment.citation import Quote
from alignment.contract import CRITERION_IDS, Criterion, CriterionId
from alignment.feedback import Claim, OpenQuestion, Polarity, ShapedStatement, Shaping, Verdict
from alignment.people import Consent, Interview, Role, Search
from alignment.record import ClaimId, OrganisationId, QuestionId, StatementId, TranscriptId, derived_id
from alignment.scorecard import Grade
from alignment.settings import load_settings
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from corpus.folders import read_gold_contract, read_search_folder
from retrieval.embedding import Embedder, Vectors
from retrieval.exchanges import Exchange, exchanges_of
from retrieval.moments import entries_for
from retrieval.verify import verify

SAMPLE = Path(__file__).parent.parent / "corpus" / "samples" / "harbour-analyst"
FAMILIES = (
    "backend engineering",
    "nursing",
    "enterprise sales",
    "product design",
    "finance operations",
    "data science",
    "support",
    "logistics",
)
CANDIDATES, FIRST_DAY, DAYS = 5, date(2025, 1, 6), 690
POOL = 40
CLAIMS = {
    Verdict.SUPPORTED: "Told me what was done, and by whom",
    Verdict.CONTRADICTED: "Never named anything that was done",
    Verdict.NO_EVIDENCE: "Would be lost without help",
    Verdict.TOO_VAGUE: "Solid all round",
}


@dataclass
class Remembering:
    """The embedder, asked once a text; a passage is the mean of its lines where all of them are known."""

    whole: Embedder
    known: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The embedder's own."""
        return self.whole.name

    @property
    def dimensions(self) -> int:
        """The embedder's own."""
        return self.whole.dimensions

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector a text, unit length, shape (n, d)."""
        made = {t: m for t in dict.fromkeys(texts) if t not in self.known and (m := self._mean(t)) is not None}
        missing = [t for t in dict.fromkeys(texts) if t not in self.known and t not in made]
        if missing:
            self.known |= dict(zip(missing, await self.whole.embed(missing), strict=True))
        return (
            np.stack([made[t] if t in made else self.known[t] for t in texts]).astype(np.float32)
            if texts
            else await self.whole.embed(texts)
        )

    def _mean(self, text: str) -> np.ndarray | None:
        lines = [line.partition(": ")[2] for line in text.splitlines()]
        if len(lines) < 2 or any(line not in self.known for line in lines):
            return None
        mean = np.mean([self.known[line] for line in lines], axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


@dataclass(frozen=True)
class Sample:
    """One of the sample's interviews: its utterances, its exchanges, and who speaks as what."""

    utterances: tuple[Utterance, ...]
    exchanges: tuple[Exchange, ...]
    candidate: str


def leaning_of(reader: str) -> int:
    """How many grades a reader of the pool adds to what everybody else would give: one fewer, none, none, one more, in turn."""
    return (-1, 0, 0, 1)[int(reader.rsplit(" ", 1)[1]) % 4]


@dataclass
class Company:
    """What is being made; `leanings` has each interviewer's own, by name."""

    seed: int
    drawn: random.Random = field(init=False)
    leanings: dict[str, int] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    criteria: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        self.drawn = random.Random(self.seed)
        self.leanings = {f"Reader {n:02d}": leaning_of(f"Reader {n:02d}") for n in range(POOL)}
        folder = read_search_folder(SAMPLE)
        self.criteria = read_gold_contract(SAMPLE)
        for path in folder.interviews.values():
            parsed = read_file(path)
            name = next(label for label in parsed.labels if label == folder.candidate)
            speakers = tuple(
                Speaker(label=label, name=label, role=Role.CANDIDATE if label == name else Role.INTERVIEWER, certainty=Certainty.GIVEN)
                for label in parsed.labels
            )
            whole = Transcript.model_validate(
                {
                    "id": "s",
                    "organisation": "s",
                    "interview": "s",
                    "source_format": "s",
                    "source_digest": "s",
                    "speakers": speakers,
                    "utterances": parsed.utterances,
                }
            )
            self.samples.append(Sample(whole.utterances, tuple(exchanges_of(whole)), name))


async def make(bench: Workbench, interviews: int, seed: int = 7, progress: Callable[[int], None] | None = None) -> Company:
    """Put so many interviews on record and into the index; the company that they were drawn from."""
    company = Company(seed)
    organisation = (await organisation_of(bench)).id
    embedder = Remembering(bench.embedder)
    await embedder.embed([u.text for s in company.samples for u in s.utterances])
    done = number = 0
    while done < interviews:
        search, readers = await _search(bench, company, organisation, number)
        for n in range(CANDIDATES):
            if done >= interviews:
                break
            done += await _candidate(bench, company, search, readers, f"Candidate {number:05d}-{n}", embedder)
            if progress:
                progress(done)
        number += 1
    return company


async def _search(bench: Workbench, company: Company, organisation: OrganisationId, number: int) -> tuple[Search, list[str]]:
    family = FAMILIES[number % len(FAMILIES)]
    readers = company.drawn.sample(sorted(company.leanings), 2)
    said = company.drawn.choice(("", "", f", in {family}"))
    criteria = tuple(c.model_copy(update={"text": f"{c.text}{said}"}) for c in company.criteria)
    focus = (CRITERION_IDS[:3], CRITERION_IDS[3:])
    plan = SearchPlan(
        slug=f"search-{number:05d}", title=f"Search {number}", recruiter="Dana", hiring_manager="Priya", role_family=family,
        criteria=criteria,
        panel=tuple(SeatPlan(r, f"c{n}-{k}", stage=f"stage {k}", focus=focus[k]) for n in range(CANDIDATES) for k, r in enumerate(readers)),
    )  # fmt: skip
    return await open_search(bench, organisation, plan), readers


async def _candidate(bench: Workbench, company: Company, search: Search, readers: list[str], name: str, embedder: Remembering) -> int:
    n = name.rsplit("-", 1)[1]
    day = FIRST_DAY + timedelta(days=company.drawn.randrange(DAYS))
    good = {c: company.drawn.random() < 0.6 for c in CRITERION_IDS}
    for k, reader in enumerate(readers):
        label = f"c{n}-{k}"
        held = await open_interview(bench, search, label, name, held_on=day + timedelta(days=k))
        transcript = _transcript(company, search, held, reader, name, k)
        consent = Consent(person=held.candidate.id, at=datetime(2025, 1, 1, tzinfo=UTC), basis="opt-in", scope="recording")
        await bench.store.add_transcript(search.organisation, transcript, consent=consent)
        entries = await entries_for(
            transcript, search=search.id, candidate=held.candidate.id, embedder=embedder, settings=bench.settings.passages
        )
        await bench.index.put(search.organisation, transcript.id, entries)
        await _reading(bench, company, search, held, transcript, reader, good)
    return len(readers)


def _transcript(company: Company, search: Search, held: Interview, reader: str, name: str, k: int) -> Transcript:
    sample = company.samples[k % len(company.samples)]
    kept = [e for e in sample.exchanges if company.drawn.random() < 0.6] or list(sample.exchanges[:1])
    utterances: list[Utterance] = []
    at = 5.0
    for i in sorted({i for e in kept for i in (*e.asked, *e.reply)}):
        text = sample.utterances[i].text
        long = 0.4 * len(text.split()) + 1
        label = name if sample.utterances[i].speaker == sample.candidate else reader
        utterances.append(Utterance(index=len(utterances), speaker=label, text=text, start_s=round(at, 2), end_s=round(at + long, 2)))
        at += long + 0.5
    people = {s.name: s.person for s in search.panel}
    speakers = (
        Speaker(label=name, person=held.candidate.id, name=name, role=Role.CANDIDATE, certainty=Certainty.GIVEN),
        Speaker(label=reader, person=people[reader], name=reader, role=Role.INTERVIEWER, certainty=Certainty.GIVEN),
    )
    return Transcript(
        id=TranscriptId(derived_id("trn", held.id)), organisation=search.organisation, interview=interview_id(search.id, held.name),
        source_format="json", source_digest=derived_id("src", held.id), speakers=speakers, utterances=tuple(utterances),
    )  # fmt: skip


async def _reading(
    bench: Workbench, company: Company, search: Search, held: Interview, transcript: Transcript, reader: str, good: dict[CriterionId, bool]
) -> None:
    lean = company.leanings[reader]
    grades = [
        Grade(criterion=c, grade=max(1, min(4, (3 if good[c] else 2) + lean + company.drawn.choice((-1, 0, 0, 0, 1)))))
        for c in CRITERION_IDS
    ]
    await add_scorecard(bench, search, held.name, reader, grades)
    chosen = company.drawn.sample(CRITERION_IDS, 2)
    verdicts = company.drawn.choices(list(CLAIMS), weights=(6, 1, 2, 1), k=2)
    raw = " ".join(f"{CLAIMS[v]}." for v in verdicts)
    feedback = await add_feedback(bench, search, held.name, reader, raw)
    said = [u for u in transcript.utterances if u.speaker == held.candidate.name]
    claims, statements, questions = [], [], []
    at = 0
    for n, (criterion, verdict) in enumerate(zip(chosen, verdicts, strict=True)):
        span = CLAIMS[verdict]
        polarity = Polarity.POSITIVE if good[criterion] and verdict is not Verdict.CONTRADICTED else Polarity.NEGATIVE
        claim = Claim(
            id=ClaimId(derived_id("clm", feedback.id, str(n))), feedback=feedback.id, span=span, start=at, end=at + len(span),
            criterion=criterion, polarity=polarity,
        )  # fmt: skip
        at += len(span) + 2
        claims.append(claim)
        if verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED) and said:
            statements.append(_statement(claim, held, verdict, company.drawn.choice(said), transcript))
        else:
            vague = verdict if verdict is Verdict.TOO_VAGUE else Verdict.NO_EVIDENCE
            id = QuestionId(derived_id("que", claim.id))
            questions.append(OpenQuestion(id=id, text="What did you see?", verdict=vague, **_about(claim, held)))
    shaping = Shaping(
        feedback=feedback.id, thread=f"made:{feedback.id}", turn=1, claims=tuple(claims), statements=tuple(statements),
        questions=tuple(questions),
    )  # fmt: skip
    await bench.store.save_shaping(search.organisation, shaping)


def _about(claim: Claim, held: Interview) -> dict[str, Any]:
    own = {"claim": claim.id, "feedback": claim.feedback, "criterion": claim.criterion}
    return {**own, "interview": held.id, "contract_version": 1}


def _statement(claim: Claim, held: Interview, verdict: Verdict, said: Utterance, transcript: Transcript) -> ShapedStatement:
    quote = Quote(interview=held.id, text=said.text, speaker=said.speaker, utterances=(said.index,))
    return ShapedStatement(
        id=StatementId(derived_id("stm", claim.id)), text=f"The candidate said “{said.text}”", verdict=verdict,
        citations=(verify(quote, transcript),), **_about(claim, held),
    )  # fmt: skip


async def _main(interviews: int, seed: int, home: Path) -> None:
    async with open_workbench(load_settings(home=home, store_url="", index="", checkpoints_url="")) as bench:
        await make(bench, interviews, seed)


def main() -> None:
    """Make a corpus in a home folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interviews", type=int, default=200, help="how many (200)")
    parser.add_argument("--seed", type=int, default=7, help="of everything that is drawn (7)")
    parser.add_argument("--home", type=Path, required=True, help="an empty folder to make it in")
    given = parser.parse_args()
    asyncio.run(_main(given.interviews, given.seed, given.home))


if __name__ == "__main__":
    main()
