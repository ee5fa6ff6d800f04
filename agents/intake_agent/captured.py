"""A captured intake: from the transcript of a call to the draft of its contract, every line resting on words that were verified.

What the judge says a call settles is an opinion. Here its words are looked up in the record, a line that the hiring manager has no word in
is not taken, a wish that rests on a protected trait is declined, and what is missing becomes a question.
"""

from collections.abc import Sequence

from agents.intake_agent.declining import declined_because, declined_for
from agents.intake_agent.judgements import Judgements, Line, LineKind, ReadIn, Said, Speaks, Turn
from agents.language.injections import addressed
from agents.language.proxies import Proxy, proxy_in
from agents.seam import By
from alignment.citation import Citation, Quote
from alignment.contract import SPOKEN_KINDS, Criterion, CriterionId, CriterionKind, Demoted, Incentive
from alignment.errors import BadTranscript, Unverified
from alignment.people import Role
from alignment.record import Record
from alignment.transcript import Transcript
from retrieval.verify import verify
from retrieval.wording import unsupported_words

IDS: dict[LineKind, tuple[CriterionId, ...]] = {
    LineKind.MUST_HAVE: ("M1", "M2", "M3"),
    LineKind.TRADE_OFF: ("T1", "T2"),
    LineKind.DEAL_BREAKER: ("D1",),
}
SIDES: dict[Role, Speaks] = {Role.RECRUITER: "recruiter", Role.HIRING_MANAGER: "hiring_manager"}
ASKED = {
    LineKind.MUST_HAVE: "What else must the person have done, and what would one see or hear in an interview that shows it?",
    LineKind.TRADE_OFF: "What would you give up, and for what?",
    LineKind.DEAL_BREAKER: "What ends it at once, whatever else the person has?",
}


class Captured(Record):
    """What a call comes to: the lines of a contract, and everything that was said and is not on it.

    `unverified` are words that the judge claimed and that nobody said so, each with why; `injections` what addresses an AI reader.
    """

    criteria: tuple[Criterion, ...] = ()
    incentives: tuple[Incentive, ...] = ()
    demoted: tuple[Demoted, ...] = ()
    open_questions: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    injections: tuple[str, ...] = ()
    by: By = By()


async def draft(judgements: Judgements, transcript: Transcript) -> Captured:
    """The draft that a call comes to; BadTranscript where nobody in it is known as the hiring manager."""
    turns = turns_of(transcript)
    if not any(t.side == "hiring_manager" for t in turns):
        raise BadTranscript(
            "Nobody in the call is known as the hiring manager",
            where=f"labels: {', '.join(s.label for s in transcript.speakers)}",
            todo="Say who a label stands for with --speaker 'LABEL=NAME'.",
        )
    read = await judgements.read(ReadIn(turns=turns))
    return drafted_of(transcript, read.lines).model_copy(update={"by": read.by})


def drafted_of(transcript: Transcript, lines: Sequence[Line]) -> Captured:
    """What lines that somebody read from a transcript come to once their words are looked up in it."""
    return _Draft(transcript).of(lines)


def turns_of(transcript: Transcript) -> tuple[Turn, ...]:
    """The call as judges are given it, without the words that address an AI."""
    made = []
    for u in transcript.utterances:
        role = transcript.role_of(u)
        made.append(Turn(label=u.id, side=SIDES.get(role, "") if role else "", text=u.text))
    return tuple(made)


class _Draft:
    """One call being drafted: what has been taken so far, and why the rest was not."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.criteria: list[Criterion] = []
        self.demoted: list[Demoted] = []
        self.incentives: list[Incentive] = []
        self.questions: list[str] = []
        self.unverified: list[str] = []

    def of(self, lines: Sequence[Line]) -> Captured:
        for line in lines:
            self._take(line)
        self._ask_for_gaps()
        return Captured(
            criteria=tuple(self.criteria),
            incentives=tuple(self.incentives),
            demoted=tuple(self.demoted),
            open_questions=tuple(dict.fromkeys(self.questions)),
            unverified=tuple(self.unverified),
            injections=tuple(u.text[a:b] for u in self.transcript.utterances for a, b in addressed(u.text)),
        )

    def _take(self, line: Line) -> None:
        cited = [c for said in line.said if (c := self._cited(said))]
        if not cited:
            return
        if line.kind is LineKind.INCENTIVE:
            self._take_incentive(line, cited)
        elif line.kind is LineKind.DROPPED:
            self._demote(line, cited, line.why or "Let go in the call")
        elif proxy := declined_for(line.text, (c.text for c in cited)):
            self._decline(line, cited, proxy)
        elif not any(c.role == Role.HIRING_MANAGER for c in cited):
            self._demote(line, cited, "Only the recruiter said so")
            self.questions.append(f"The recruiter said “{_short(cited[0].text)}”. Does the hiring manager want that on the contract?")
        else:
            self._take_criterion(line, cited)

    def _take_criterion(self, line: Line, cited: Sequence[Citation]) -> None:
        held = {c.id for c in self.criteria}
        free = [id for id in IDS[line.kind] if id not in held]
        if not free:
            self._demote(line, cited, f"More {SPOKEN_KINDS[CriterionKind(line.kind.value)]}s were voiced than the contract holds")
            return
        shown = " ".join(c.text for c in cited if c.role == Role.HIRING_MANAGER)
        self.criteria.append(Criterion(id=free[0], text=self._worded(line, cited), shown_by=shown, said=tuple(cited)))

    def _take_incentive(self, line: Line, cited: Sequence[Citation]) -> None:
        said = [c for c in cited if c.role == line.side]
        if said and line.side and line.side not in {i.side for i in self.incentives}:
            self.incentives.append(Incentive(side=line.side, text=self._worded(line, said), said=tuple(said)))

    def _decline(self, line: Line, cited: Sequence[Citation], proxy: Proxy) -> None:
        self._demote(line, cited, declined_because(proxy))
        self.questions.append(f"“{_short(self._worded(line, cited))}” cannot be on the contract. {proxy.ask}")

    def _demote(self, line: Line, cited: Sequence[Citation], why: str) -> None:
        declined = proxy_in(line.text)
        if line.kind is LineKind.DROPPED and declined:
            why = declined_because(declined)
        self.demoted.append(Demoted(text=self._worded(line, cited), reason=why, said=tuple(cited)))

    def _worded(self, line: Line, cited: Sequence[Citation]) -> str:
        """The judge's wording where it adds nothing to what was said, else the words themselves."""
        if unsupported_words(line.text, cited, None):
            return _short(max(cited, key=lambda c: (c.role == Role.HIRING_MANAGER, len(c.text))).text)
        return line.text

    def _cited(self, said: Said) -> Citation | None:
        index = int(said.label[1:]) if said.label[1:].isdigit() else -1
        if not 0 <= index < len(self.transcript.utterances):
            self.unverified.append(f"{said.label} is no turn of the call")
            return None
        speaker = self.transcript.speaker(self.transcript.utterances[index].speaker)
        claimed = speaker.name or f"“{speaker.label}”"
        try:
            return verify(
                Quote(interview=self.transcript.interview, text=said.words, speaker=claimed, utterances=(index,)), self.transcript
            )
        except Unverified as e:
            self.unverified.append(str(e))
            return None

    def _ask_for_gaps(self) -> None:
        held = {c.id for c in self.criteria}
        for kind, ids in IDS.items():
            for id in (i for i in ids if i not in held):
                named = Criterion(id=id, text="-").spoken
                self.questions.append(f"{named[0].upper()}{named[1:]} was not settled in the call. {ASKED[kind]}")
        for side, who in (("recruiter", "recruiter"), ("hiring_manager", "hiring manager")):
            if side not in {i.side for i in self.incentives}:
                self.questions.append(f"What is the {who} measured on? Nobody said so in the call.")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 200 else f"{flat[:199]}…"
