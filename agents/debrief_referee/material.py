"""What one debrief rests on, gathered once: the panel's grades and claims, and the record of every interview with the candidate."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low

from agents.language.injections import addressed
from alignment.citation import Citation
from alignment.contract import Contract, Criterion, CriterionId
from alignment.feedback import InjectionReport, Polarity, Verdict
from alignment.people import Interview, Person, Search
from alignment.record import ClaimId, FeedbackId, InterviewId, PersonId, Record, StatementId
from alignment.scorecard import Scorecard
from alignment.transcript import Transcript
from retrieval.exchanges import OWN_EPISODE, Exchange, Substance, answering_labels, exchanges_of, substance_of
from retrieval.nearness import Nearness
from retrieval.question import stems
from retrieval.stretches import Stretch, stretches_of

HIGH = 3
"""The lowest grade that reads for the candidate."""


class Reading(Record):
    """One claim of one interviewer as it stands: what the record says of it, and the verified moments found for it, best first.

    `statement` is what it was shaped into and settled as; `rests` says that the record bears it out or refutes it, on its first moments.
    """

    claim: ClaimId
    feedback: FeedbackId
    name: str
    interviewer: PersonId
    interview: InterviewId
    contract_version: int
    span: str
    criterion: CriterionId | None
    polarity: Polarity
    verdict: Verdict
    rests: bool
    moments: tuple[Citation, ...] = ()
    statement: StatementId | None = None


@dataclass(frozen=True)
class Told:
    """One stretch of the candidate's words.

    `exchange` and `utterance` say where it stands, `substance` what it is made of, and `deeds` counts what it tells in the first person.
    """

    exchange: int
    utterance: int
    stretch: Stretch
    substance: Substance
    deeds: int


@dataclass(frozen=True)
class Heard:
    """One stretch of anybody's words: where it stands, whether the candidate's side says it, and how much of a story it tells."""

    exchange: int
    utterance: int
    stretch: Stretch
    answers: bool
    told: float


@dataclass(frozen=True)
class Material:
    """Everything of one candidate; `near` is how near each utterance of an interview is to a criterion.

    `to_come` are panellists whose interview with the candidate is not on record yet, `reworded` counts grades that were given on another
    wording of a criterion than this contract's, which are not among the cards' grades here.
    """

    search: Search
    candidate: Person
    contract: Contract
    interviews: tuple[Interview, ...]
    transcripts: Mapping[InterviewId, Transcript]
    cards: tuple[Scorecard, ...]
    readings: tuple[Reading, ...]
    injections: tuple[InjectionReport, ...]
    near: Mapping[tuple[InterviewId, str], Mapping[int, Nearness]]
    people: Mapping[PersonId, str]
    to_come: tuple[PersonId, ...] = ()
    reworded: int = 0

    @cached_property
    def exchanges(self) -> dict[InterviewId, list[Exchange]]:
        """Each interview as questions and replies."""
        return {id: exchanges_of(t) for id, t in self.transcripts.items()}

    @cached_property
    def told(self) -> dict[InterviewId, list[Told]]:
        """Each interview's stretches of the candidate's words, in order; none that speaks to an AI reader."""
        return {
            id: [
                Told(n, i, s, substance_of(s.text), len(OWN_EPISODE.findall(s.text)))
                for n, e in enumerate(self.exchanges[id])
                for i in e.reply
                for s in stretches_of(t.utterances[i])
                if not addressed(s.text)
            ]
            for id, t in self.transcripts.items()
        }

    @cached_property
    def heard(self) -> dict[InterviewId, list[Heard]]:
        """Each interview's stretches, whoever says them, in order; none that speaks to an AI reader. Outside any exchange it is -1."""
        found: dict[InterviewId, list[Heard]] = {}
        for id, t in self.transcripts.items():
            answering, within = answering_labels(t), self._exchange_of(id)
            found[id] = [
                Heard(within.get(u.index, -1), u.index, s, u.speaker in answering, substance_of(s.text).score)
                for u in t.utterances
                for s in stretches_of(u)
                if not addressed(s.text)
            ]
        return found

    @cached_property
    def words(self) -> dict[InterviewId, dict[int, frozenset[str]]]:
        """Of each exchange of each interview, its words and their stems."""
        found: dict[InterviewId, dict[int, frozenset[str]]] = {}
        for id, t in self.transcripts.items():
            texts, within = defaultdict[int, list[str]](list), self._exchange_of(id)
            for u in t.utterances:
                texts[within.get(u.index, -1)].append(u.text)
            found[id] = {n: stems(text) | frozenset(text.casefold().split()) for n, parts in texts.items() for text in [" ".join(parts)]}
        return found

    def _exchange_of(self, interview: InterviewId) -> dict[int, int]:
        return {i: n for n, e in enumerate(self.exchanges[interview]) for i in (*e.asked, *e.reply)}

    @cached_property
    def given(self) -> dict[str, dict[PersonId, tuple[int, ...]]]:
        """By criterion, every grade that somebody gave on it, one an interview."""
        told: dict[str, dict[PersonId, tuple[int, ...]]] = {}
        for card in self.cards:
            for grade in card.grades:
                own = told.setdefault(grade.criterion, {})
                own[card.interviewer] = (*own.get(card.interviewer, ()), grade.grade)
        return told

    @cached_property
    def grades(self) -> dict[str, dict[PersonId, int]]:
        """By criterion, who reads it how: the lower middle of their own grades; whoever graded it high and low reads it neither way."""
        return {
            criterion: {p: median_low(g) for p, g in by.items() if len({grade >= HIGH for grade in g}) == 1}
            for criterion, by in self.given.items()
        }

    @cached_property
    def waiting(self) -> tuple[PersonId, ...]:
        """Panellists of whom a scorecard is missing: of an interview of theirs that was held, or of one that is still to come."""
        held = {i.id for i in self.interviews}
        in_already = {(c.interviewer, c.interview) for c in self.cards}
        due = [s.person for s in self.search.panel if s.interview in held and (s.person, s.interview) not in in_already]
        return tuple(dict.fromkeys([*due, *self.to_come]))

    @cached_property
    def seats(self) -> dict[PersonId, tuple[InterviewId, ...]]:
        """Which of these interviews each panellist sat in, by the plan and by what they graded or wrote."""
        held = {i.id for i in self.interviews}
        found: dict[PersonId, dict[InterviewId, None]] = {}
        pairs = [(s.person, s.interview) for s in self.search.panel]
        pairs += [(c.interviewer, c.interview) for c in self.cards] + [(r.interviewer, r.interview) for r in self.readings]
        for person, interview in pairs:
            if interview in held:
                found.setdefault(person, {})[interview] = None
        return {person: tuple(interviews) for person, interviews in found.items()}

    def focus(self, person: PersonId) -> frozenset[str]:
        """The criteria that the plan gives somebody to probe."""
        return frozenset(c for s in self.search.panel if s.person == person for c in s.focus)

    def probed_in(self, criterion: str) -> frozenset[InterviewId]:
        """The interviews in which the plan wants it probed."""
        held = {i.id for i in self.interviews}
        return frozenset(s.interview for s in self.search.panel if criterion in s.focus and s.interview in held)

    def called(self, person: PersonId) -> str:
        """Somebody's name."""
        return self.people.get(person, person)

    def criterion(self, id: str) -> Criterion:
        """The criterion, which is one of the contract's."""
        found = self.contract.criterion(id)
        assert found is not None, f"{id} is on the contract"
        return found
