"""Answers out of the packet: grades, conflicts, claims, how criteria were tested, the contract's own words, findings."""

from collections.abc import Iterable, Sequence

from agents.debrief_referee.material import Reading
from agents.debrief_referee.places import cited, places_on
from agents.debrief_referee.room.asked import Asked, SentenceState
from agents.debrief_referee.room.context import RoomContext
from agents.debrief_referee.room.hearing import found_kind
from agents.debrief_referee.room.seeking import HOLDS, Sought, apart, likeness, seek
from agents.debrief_referee.room.sentences import called, citation_at, place, plainly, quote_of, resting, shown
from agents.language.phrases import phrases
from agents.panel_questions import questions
from alignment.citation import Citation
from alignment.contract import CriterionId
from alignment.debrief import Cell, Finding, FindingKind
from alignment.feedback import Probing, Verdict
from alignment.record import PersonId
from retrieval.question import stems

DECIDES = "People decide that; Plumbline lays out what the record holds and recommends nothing."
SET_ASIDE = "This is about the person and not the work: it is no criterion, and nothing is looked up or repeated."
ELSEWHERE = "This room holds the interviews of {} in this search, and nothing else."
CLAIMS = 4
LIKE_A_LINE = 0.3
"""The cosine from which words in a question about grades or tests are taken to mean a line of the contract."""

SAME_LINE = 0.45
"""From here on they mean the line as a whole, and not only something that has to do with it."""

_EVERY = phrases(
    r"(?:all|every)(?: (?:of )?(?:the|their|our|his|her|its|these))? (?:\w+ )?(?:grades?|scores?|scorecards?|marks?|ratings?)",
    r"(?:the|their|our|his|her) (?:grades|scores|scorecards|marks|ratings)\W*$",
)
_STANDS = {
    Verdict.SUPPORTED: "the record bears it out",
    Verdict.CONTRADICTED: "the record speaks against it",
    Verdict.NO_EVIDENCE: "the record holds nothing that bears on it",
    Verdict.TOO_VAGUE: "it names nothing that was said",
}


async def _line(room: RoomContext, asked: Asked) -> CriterionId | None:
    """The line that is asked about: named, meant by its words, or spoken of before."""
    return asked.criterion or await room.line(asked.about, LIKE_A_LINE) or asked.carried


async def grades(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """Who gave what on a line, or on all of them."""
    line = None if _EVERY.search(asked.text) and not asked.criterion else await _line(room, asked)
    told = [s for c in room.material.contract.criteria if line in (None, c.id) for s in _grades(room, c.id, asked.people)]
    whose = f"{', '.join(room.material.called(p) for p in asked.people)} has" if asked.people else "Nobody has"
    no = " not" if asked.people else ""
    return told or [plainly(f"{whose}{no} graded {line or 'anything'} for this candidate.")]


def _grades(room: RoomContext, line: CriterionId, people: Sequence[PersonId]) -> list[SentenceState]:
    given = {p: g for p, g in room.material.given.get(line, {}).items() if not people or p in people}
    if not given:
        return []
    cards = [c.id for c in room.material.cards if c.interviewer in given]
    told = ", ".join(
        f"{room.material.called(p)} gave {' and '.join(map(str, g))}"
        for p, g in sorted(given.items(), key=lambda pair: room.material.called(pair[0]))
    )
    rating = next((r for r in room.debrief.ratings if r.criterion == line), None)
    spread = f" (middle {rating.median:g}, {rating.spread} apart)" if rating and len(given) > 1 else ""
    return [resting(f"{line}: {told}{spread}.", scorecards=cards, criterion=line)]


async def conflict(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """Why readers are apart, with the moments on either side; the grades where they are not."""
    line = await _line(room, asked)
    apart_ = [f for f in room.debrief.findings if f.kind is FindingKind.CONFLICT]
    among = [f for f in apart_ if asked.people and set(asked.people) <= set(f.interviewers)]
    on_line = [f for f in apart_ if line in (None, f.criterion)]
    meant = [f for f in on_line if f in among] or (among if len(asked.people) > 1 else []) or on_line
    if meant:
        return [s for f in meant[: 1 if line else 3] for s in _conflict(room, f)]
    if line and (told := _grades(room, line, ())):
        return [plainly(f"Nobody reads {line} apart."), *told]
    return [plainly("The panel does not read that apart, as far as grades and claims go.")]


def _conflict(room: RoomContext, f: Finding) -> list[SentenceState]:
    cards = [c.id for c in room.material.cards if c.interviewer in f.interviewers]
    feedback = [r.feedback for r in room.material.readings if r.claim in f.claims]
    lead = resting(f.text, scorecards=cards, feedback=feedback, criterion=f.criterion)
    sides = [("For", f.supporting), ("Against", f.refuting)]
    return [lead, *(_on(room, side, c) for side, citations in sides for c in citations[:2])]


def _on(room: RoomContext, side: str, c: Citation) -> SentenceState:
    return resting(f"{side}: {c.spoken}, {place(room.material, c)}: “{c.text}”", quotes=[quote_of(c)])


async def probing(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """How a line was tested in each interview; for other words, where somebody asked about them."""
    line = asked.criterion or await room.line(asked.about, SAME_LINE) or (asked.carried if not asked.about else None)
    if line:
        return _tested(room, asked, line)
    if not asked.about:
        return [s for c in room.material.contract.criteria for s in _tested(room, asked, c.id)[:1]]
    return await _asked_about(room, asked)


async def _asked_about(room: RoomContext, asked: Asked) -> list[SentenceState]:
    spots = await seek(room.material, Sought(asked.about, asked.text), room.scope(asked.interviews), room.near)
    wanted = [s for s in spots if not s.answers and "?" in s.stretch.text]
    wanted = wanted if likeness(wanted) >= HOLDS else []
    own = [s for s in wanted if not asked.people or (_person(room, s.interview, s.utterance) in asked.people) is not asked.others]
    found = [c for s in apart(own, 3) if (c := citation_at(room.material, s))]
    if found:
        return [shown(room.material, c) for c in found]
    named = " or ".join(room.material.called(p) for p in asked.people)
    who = f"Nobody but {named} asked" if named and asked.others else f"{named} did not ask" if named else "Nobody asked"
    return [plainly(f"{who} about “{asked.about}”, as far as the record holds.")]


def _person(room: RoomContext, interview: str, utterance: int) -> PersonId | None:
    transcript = next(t for i, t in room.material.transcripts.items() if i == interview)
    return transcript.speaker(transcript.utterances[utterance].speaker).person


def _tested(room: RoomContext, asked: Asked, line: CriterionId) -> list[SentenceState]:
    cells = [c for c in room.debrief.matrix if c.criterion == line]
    cells = [c for c in cells if not asked.interviews or c.interview in asked.interviews]
    cells = [c for c in cells if not asked.people or (c.interviewer in asked.people) is not asked.others] or cells
    once: dict[str, list[Cell]] = {}
    for cell in sorted(cells, key=lambda c: room.cast.order.index(c.interview)):
        once.setdefault(cell.interview, []).append(cell)
    told = [_cell(room, line, same) for same in once.values()]
    missing = next((f for f in room.debrief.findings if f.kind is FindingKind.MISSING_SIGNAL and f.criterion == line), None)
    if missing or all(c.probing is Probing.NEVER_ASKED for c in cells):
        return [resting(_gap(room, line, missing), criterion=line), *told]
    return sorted(told, key=lambda s: not s["quotes"]) or [
        plainly(f"No interview of this candidate is on record in which {line} could be tested.")
    ]


def _gap(room: RoomContext, line: CriterionId, missing: Finding | None) -> str:
    question = missing.question if missing else questions(room.material.criterion(line))[0]
    return f"{missing.text if missing else f'Nobody asked about {line}.'} To ask: {question}"


def _cell(room: RoomContext, line: CriterionId, same: Sequence[Cell]) -> SentenceState:
    cell = same[0]
    who = ", ".join(dict.fromkeys(room.material.called(c.interviewer) for c in same))
    where = called(room.material, cell.interview)
    if cell.asked is None:
        told = f"{line} {where} ({who}): {cell.probing.value}."
        there = (
            [p for p in places_on(room.material, line) if p.interview == cell.interview] if cell.probing is not Probing.NEVER_ASKED else []
        )
        nearest = cited(room.material, there, lambda p: p.meaning, most=1)
        words = "".join(f" Nearest to it: {c.spoken}, {place(room.material, c)}: “{c.text}”" for c in nearest)
        return resting(told + words, quotes=[quote_of(c) for c in nearest], criterion=line)
    text = (
        f"{line} {where} ({who}): {cell.probing.value}. {cell.asked.spoken} asked, {place(room.material, cell.asked)}: “{cell.asked.text}”"
    )
    return resting(text, quotes=[quote_of(cell.asked)], criterion=line)


def missing(room: RoomContext) -> list[SentenceState]:
    """What the panel never tested, and what could be asked."""
    found = [f for f in room.debrief.findings if f.kind is FindingKind.MISSING_SIGNAL and f.criterion]
    if found:
        return [
            resting(f"{f.text} To ask: {f.question}", quotes=[quote_of(c) for c in f.refuting[:1]], criterion=f.criterion) for f in found
        ]
    cells = [c for c in room.debrief.matrix if c.asked]
    once = {c.criterion: c for c in reversed(cells)}
    quotes = [quote_of(c.asked) for c in once.values() if c.asked]
    if not quotes:
        return [plainly("No question on any line of the contract is on record.")]
    return [resting("Every line of the contract was asked about and answered in some interview.", quotes=quotes)]


async def claims(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """What somebody wrote, word for word, and what the record says of it; remarks about the person are not repeated."""
    line = asked.criterion or (asked.carried if not asked.about else None)
    own = [r for r in room.material.readings if not asked.people or r.interviewer in asked.people]
    about_work = [r for r in own if r.verdict is not Verdict.NOT_JOB_RELATED]
    on_line = [r for r in about_work if line and r.criterion == line]
    told = on_line or about_work
    if asked.about:
        likeness_to = dict(zip((r.claim for r in told), await room.alike(asked.about, [r.span for r in told]), strict=True)) if told else {}
        wanted = stems(asked.about)
        told = sorted(told, key=lambda r: -(likeness_to[r.claim] + len(wanted & stems(r.span)) / max(1, len(wanted))))
    told = told[:CLAIMS]
    aside = [r for r in own if r.verdict is Verdict.NOT_JOB_RELATED]
    lines = [_claim(room, r) for r in told]
    if aside and not on_line:
        many = "One remark is not about the job; it is" if len(aside) == 1 else f"{len(aside)} remarks are not about the job; they are"
        lines.append(resting(f"{many} set aside and not repeated.", feedback=[r.feedback for r in aside]))
    who = ", ".join(room.material.called(p) for p in asked.people) or "Nobody"
    return lines or [
        plainly(
            f"{who} wrote nothing on this candidate that is on record." if asked.people else "No feedback on this candidate is on record."
        )
    ]


def _claim(room: RoomContext, r: Reading) -> SentenceState:
    about = f" on {r.criterion}" if r.criterion else ""
    lead = f"{room.material.called(r.interviewer)} wrote{about} in {r.name}: “{r.span}”; {_STANDS[r.verdict]}"
    if not r.rests or not r.moments:
        return resting(f"{lead}.", feedback=[r.feedback], criterion=r.criterion)
    c = r.moments[0]
    return resting(
        f"{lead}: {c.spoken}, {place(room.material, c)}: “{c.text}”", quotes=[quote_of(c)], feedback=[r.feedback], criterion=r.criterion
    )


async def criterion(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """What a line of the contract says, or all of them."""
    line = asked.criterion or await room.line(asked.about, LIKE_A_LINE) or (asked.carried if asked.follows else None)
    version = room.material.contract.version
    told = [plainly(f"No line of the contract is about “{asked.about}”. Its lines are:")] if asked.about and not line else []
    for c in room.material.contract.criteria:
        if line in (None, c.id):
            shown_by = f" It shows in: {c.shown_by}" if c.shown_by else ""
            told.append(resting(f"{c.id} ({c.spoken}), contract version {version}: {c.text}.{shown_by}".replace("..", "."), criterion=c.id))
    return told or [plainly(f"The contract has no line {line or 'like that'} yet.")]


async def findings(room: RoomContext, asked: Asked) -> list[SentenceState]:
    """The findings of the kind that was asked for."""
    kind = found_kind(asked.text)
    if kind == "injections":
        return _injections(room)
    found = [f for f in room.debrief.findings if f.kind == kind and (not asked.people or set(asked.people) & set(f.interviewers))]
    return [_finding(room, f) for f in found] or [plainly("The referee found nothing of that kind.")]


def overview(room: RoomContext, most: int = 5) -> list[SentenceState]:
    """What would change the panel's talk most."""
    return [_finding(room, f) for f in room.debrief.findings[:most]] or [plainly("The referee found nothing to talk about first.")]


def _finding(room: RoomContext, f: Finding) -> SentenceState:
    cards = [c.id for c in room.material.cards if c.interviewer in f.interviewers] if f.kind is FindingKind.CONFLICT else []
    feedback: Iterable[str] = f.feedback or [r.feedback for r in room.material.readings if r.claim in f.claims]
    cited = (*f.supporting[:1], *f.refuting[:1])
    words = "".join(f" {c.spoken}, {place(room.material, c)}: “{c.text}”" for c in cited)
    ask = f" To ask: {f.question}" if f.question else ""
    return resting(f"{f.text}{ask}{words}", quotes=[quote_of(c) for c in cited], scorecards=cards, feedback=feedback, criterion=f.criterion)


def _injections(room: RoomContext) -> list[SentenceState]:
    told = []
    for i in room.debrief.injections:
        if i.moment:
            c = i.moment
            told.append(
                resting(
                    f"{c.spoken}, {place(room.material, c)}, speaks to a machine reader, without effect: “{c.text}”", quotes=[quote_of(c)]
                )
            )
        elif i.feedback:
            told.append(resting(f"A piece of feedback speaks to a machine reader, without effect: “{i.words}”", feedback=[i.feedback]))
    return told or [plainly("Nothing in these interviews or in the feedback speaks to a machine reader.")]


def set_aside(_: RoomContext) -> list[SentenceState]:
    """That a question about the person's life is not looked into."""
    return [plainly(SET_ASIDE)]


def elsewhere(room: RoomContext) -> list[SentenceState]:
    """That the room holds one candidate's interviews."""
    return [plainly(ELSEWHERE.format(room.material.candidate.name))]


def people_decide(room: RoomContext) -> list[SentenceState]:
    """A plain sentence that people decide, and what there is to decide it by."""
    if room.sealed:
        return [plainly(DECIDES), plainly(room.sealed)]
    return [plainly(DECIDES), *overview(room, 4)]
