"""Whether a summary is consistent with its document: what the verdict rules go by, claim by claim.

Each document is stored and indexed as an interview of one voice, so that a claim is split, screened and weighed as feedback is, with no
contract; without a record the verdict is the one that the claim's wording alone gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.desk import organisation_of
from agents.feedback_shaper import crosscheck
from agents.feedback_shaper.checking import injected
from agents.feedback_shaper.evidence import Evidence
from agents.feedback_shaper.judgements import ScreenIn, SplitIn, WeighIn
from agents.feedback_shaper.rules import RULES, cues, fitness, polarity, weighing
from agents.feedback_shaper.rules.kinds import kinds_of
from agents.intake_agent.clashes import contradicted
from agents.intake_agent.judgements import Turn
from agents.intake_agent.rules.exchanges import sentences_of
from agents.workbench import Workbench
from alignment.citation import Citation
from alignment.contract import Contract
from alignment.feedback import Verdict
from alignment.record import ContractId, InterviewId, SearchId
from alignment.transcript import Utterance
from corpus.importers import Parsed
from evals.moments import Meeting, take_in
from evals.suites.judged import wording_alone
from evals.stance import NEGATION, VOICE, cited, standing
from retrieval.embedding import Embedder
from retrieval.nearness import Nearness, nearness
from retrieval.stretches import stretches_of
from retrieval.wording import ProblemKind, unsupported_words
from retrieval.words import keys


@dataclass(frozen=True)
class Document:
    """What a claim is held against: its utterances cited and as lines that stand in an intake; no evidence where there is no record."""

    citations: tuple[Citation, ...] = ()
    evidence: Evidence | None = None

    @property
    def texts(self) -> list[str]:
        """The words of each utterance."""
        return [c.text for c in self.citations]


async def scores(text: str, held: Document, embedder: Embedder) -> dict[str, float]:
    """Every signal and baseline for one claim against one document: the higher, the more consistent."""
    spans = [text[d.start : d.end] for d in (await RULES.split_claims(SplitIn(raw=text, candidate=VOICE))).claims]
    verdicts = [v for s in spans if (v := await _verdict(s, held, embedder))]
    moments = await held.evidence.moments(text) if held.evidence else ()
    nearest = max((m.signals["closeness"] for m in moments), default=0.0)
    words, record = set(keys(text)), {k for t in held.texts for k in keys(t)}
    state = standing([s.plain for t in held.texts for s in sentences_of((Turn(label="u0", side="", text=t),))])
    problems = {p.kind for p in unsupported_words(text, held.citations, None)}
    return {
        "- word overlap": len(words & record) / max(1, len(words)),
        "- no no, not or n't in the claim": not NEGATION.search(text),
        "verdict: supported, every piece (weighing.weigh)": bool(verdicts) and set(verdicts) == {Verdict.SUPPORTED},
        "verdict: no piece contradicted (weighing.weigh)": Verdict.CONTRADICTED not in verdicts,
        "verdict: supported, the claim whole (weighing.weigh)": await _verdict(text, held, embedder) is Verdict.SUPPORTED,
        "similarity: nearest moment (weighing._foreign)": nearest,
        "similarity: nearest moment from 0.2 (weighing._FAR)": nearest >= weighing._FAR,
        "referee: borne out (conflicts.borne)": await _verdict(text, held, embedder) is Verdict.SUPPORTED and not problems,
        "decisive words (crosscheck.decisive)": crosscheck.decisive(text, held.citations),
        "amounts: no number or time added (unsupported_words)": not problems & {ProblemKind.NUMBER, ProblemKind.TIME},
        "names: none added (unsupported_words)": ProblemKind.NAME not in problems,
        "negation: none added (unsupported_words)": ProblemKind.NEGATION not in problems,
        "nothing added at all (unsupported_words)": not problems,
        "no clash of amounts or denials (clashes.contradicted)": all(contradicted(state, s) is None for s in spans),
        "no cue DENIAL (weighing.read)": not cues.DENIAL.search(text),
        "no guess (fitness.asserts_nothing_seen)": not fitness.asserts_nothing_seen(text),
    }


async def _verdict(span: str, held: Document, embedder: Embedder) -> Verdict | None:
    kinds = kinds_of(span, (await embedder.embed([span]))[0], embedder.name)
    if (await RULES.screen_claim(ScreenIn(span=span, signals=kinds))).verdict:
        return None
    moments = tuple(m for m in await held.evidence.moments(span) if not injected(m.text)) if held.evidence else ()
    weigh = RULES.weigh_evidence if held.evidence else wording_alone
    return (await weigh(WeighIn(span=span, polarity=polarity.polarity_of(span), criterion=None, moments=moments, signals=kinds))).verdict


def meeting_of(name: str, text: str) -> Meeting:
    """A document as a transcript of one voice: an utterance a line, long lines in stretches."""
    lines = [Utterance(index=0, speaker=VOICE, text=" ".join(line.split())) for line in text.splitlines() if keys(line)]
    pieces = [s.text for line in lines for s in stretches_of(line)]
    said = tuple(Utterance(index=i, speaker=VOICE, text=t) for i, t in enumerate(pieces))
    return Meeting(name, Parsed(format="document", labels=(VOICE,), utterances=said, source_digest=name), ())


async def documents(bench: Workbench, rows: Sequence[Mapping[str, Any]]) -> dict[str, Document]:
    """Every document of these claims, by its text, stored and indexed as the product does it."""
    texts = list(dict.fromkeys(r["evidence"] for r in rows))
    owner = (await organisation_of(bench)).id
    ids = await take_in(bench, [meeting_of(f"d{n}", t) for n, t in enumerate(texts)])
    empty = Contract(id=ContractId("con"), organisation=owner, search=SearchId("srch"), version=1)
    made = {}
    for n, text in enumerate(texts):
        record = await bench.store.transcript(owner, ids[f"d{n}"])

        async def near_to(sought: str, interview: InterviewId = record.interview) -> dict[int, Nearness]:
            return await nearness(sought, owner, interview, index=bench.index, embedder=bench.embedder)

        evidence = await Evidence.gather(record, empty, near_to, bench.embedder)
        made[text] = Document(cited([u.text for u in record.utterances]), evidence)
    return made
