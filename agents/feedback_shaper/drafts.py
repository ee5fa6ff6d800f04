"""From a weighed claim to a text that may be shown: quotes verified first, then worded, then checked, then worded by the product itself."""

from collections.abc import Iterable

from agents.feedback_shaper.checking import unprintable
from agents.feedback_shaper.context import ShapingContext
from agents.feedback_shaper.judgements import DraftIn, MomentView
from agents.feedback_shaper.rules import drafting
from agents.feedback_shaper.rules.fitness import content
from agents.feedback_shaper.state import ClaimState, QuoteState
from alignment.feedback import Polarity, Verdict
from alignment.settings import RULES
from alignment.transcript import Certainty
from retrieval.wording import Problem, ProblemKind

LONGEST_DRAFT = 2000
RESTING = (Verdict.SUPPORTED, Verdict.CONTRADICTED)
REPLACED = "The draft was replaced by the product's own wording"


async def worded(context: ShapingContext, claim: ClaimState) -> ClaimState:
    """The claim with those of its moments that the record holds, and a statement or a question on them."""
    views = await _views(context, claim)
    asked = [q for v in views[:1] if (q := context.checker.question_before(v)) is not None]
    kept, notes = context.checker.keep_verified({**claim, "quotes": [quote_of(v) for v in views], "asked": asked})
    kept = {**kept, "notes": [*kept["notes"], *notes]}
    if not kept["quotes"] and kept["verdict"] in RESTING:
        kept = {**kept, "asserted": False, "verdict": Verdict.NO_EVIDENCE.value}
    return await drafted(context, kept)


async def drafted(context: ShapingContext, claim: ClaimState) -> ClaimState:
    """The claim with its text: as it was drafted where that adds nothing, else in the product's own words; a question where even those add.

    A model is told once what its draft added, and may try again.
    """
    views = await _views(context, claim)
    claim = {**claim, "asserted": claim["asserted"] and bool(views)}
    given = _draft_in(context, claim, views)
    own = drafting.statement(given) if claim["asserted"] else drafting.question(given)
    claim, wrong = await _draft(context, claim, given, own)
    if wrong and not _by_rules(context, claim):
        claim, wrong = await _draft(context, claim, given.model_copy(update={"wrong": tuple(p.told for p in wrong)}), own)
    if wrong:
        note = f"{REPLACED}: it added a {', a '.join(sorted({p.kind.value for p in wrong}))}."
        claim = {**claim, "text": own, "notes": [*claim["notes"], note]}
        if claim["asserted"] and context.checker.problems(claim, own):
            return await drafted(context, {**claim, "asserted": False})
    return claim


async def _draft(context: ShapingContext, claim: ClaimState, given: DraftIn, own: str) -> tuple[ClaimState, list[Problem]]:
    """One draft on its claim, and what is wrong with it."""
    judgements = context.judgements
    name, write = ("draft", judgements.draft_statement) if claim["asserted"] else ("question", judgements.draft_question)
    out = await write(given)
    claim = context.recorded({**claim, "text": out.text.strip()}, name, out.by)
    return claim, list(_wrong(context, claim, given, own))


def _wrong(context: ShapingContext, claim: ClaimState, given: DraftIn, own: str) -> Iterable[Problem]:
    text, asserted = claim["text"], claim["asserted"]
    if not text or len(text) > LONGEST_DRAFT + len(claim["span"]) or unprintable(text):
        return [Problem(kind=ProblemKind.WORD, words="", told="The draft is empty, too long, or holds what cannot be printed.")]
    if not asserted and text == own:
        return []
    problems = context.checker.problems(claim, text)
    found = [p for p in problems if asserted or p.kind is not ProblemKind.NEGATION]
    if _by_rules(context, claim):
        return found
    found += context.checker.only_reports(claim, text, given.candidate)
    if not found and not _to_the_point(claim, text):
        found.append(Problem(kind=ProblemKind.WORD, words="", told="A statement says what the moment says; a question asks."))
    return found


def _to_the_point(claim: ClaimState, text: str) -> bool:
    if not claim["asserted"]:
        return "?" in text
    said = content(claim["quotes"][0]["text"])
    return len(said & content(text)) >= min(2, len(said))


def _by_rules(context: ShapingContext, claim: ClaimState) -> bool:
    name = "draft" if claim["asserted"] else "question"
    return bool(claim["judged"][name]["who"] == RULES)


async def _views(context: ShapingContext, claim: ClaimState) -> list[MomentView]:
    by_label = {m.label: m for m in await context.moments(claim["span"])}
    return [by_label[label] for label in claim["labels"] if label in by_label]


def _draft_in(context: ShapingContext, claim: ClaimState, views: list[MomentView]) -> DraftIn:
    return DraftIn(
        span=claim["span"],
        polarity=Polarity(claim["polarity"]),
        criterion=context.criterion_view(claim["criterion"]),
        verdict=Verdict(claim["verdict"]),
        moments=tuple(_citably_asked(context, v) for v in views),
        candidate=_called(context, views),
    )


def _citably_asked(context: ShapingContext, view: MomentView) -> MomentView:
    """The moment without what was asked before it, where no one utterance holds that question and so nobody can be cited for it."""
    return view if context.checker.question_before(view) else view.model_copy(update={"asked": ""})


def _called(context: ShapingContext, views: list[MomentView]) -> str:
    if not views:
        return "the candidate"
    speaker = context.evidence.transcript.speaker(views[0].speaker)
    return "the candidate" if speaker.certainty is not Certainty.UNMAPPED else f"the speaker labelled {speaker.spoken}"


def quote_of(view: MomentView) -> QuoteState:
    """The moment's words as a claimed quote."""
    return QuoteState(text=view.text, speaker=view.speaker, utterances=[int(view.label[1:].split(".")[0])])
