"""The shaper's judgements without any model: closed classes of English, the shape of the conversation, embeddings and the panel plan."""

from agents.feedback_shaper.judgements import (
    ClaimDraft,
    Drafted,
    DraftIn,
    Judgements,
    ScreenIn,
    ScreenOut,
    SplitIn,
    SplitOut,
    TieIn,
    TieOut,
    WeighIn,
    WeighOut,
)
from agents.feedback_shaper.rules import claims, drafting, fitness, polarity, ties, weighing
from agents.language import traits
from alignment.feedback import Verdict


async def split_claims(given: SplitIn) -> SplitOut:
    """Split at sentences, contrasts and joined reports; reactions stay with what they comment on."""
    stretches = claims.split(given.raw)
    return SplitOut(claims=tuple(ClaimDraft(start=a, end=b, polarity=polarity.polarity_of(given.raw[a:b])) for a, b in stretches))


async def screen_claim(given: ScreenIn) -> ScreenOut:
    """Set aside remarks on protected traits and likeness; ask about those that name nothing."""
    verdict = fitness.unfit(given.span, given.signals)
    if verdict is Verdict.NOT_JOB_RELATED:
        trait = fitness.trait_in(given.span)
        return ScreenOut(verdict=verdict, why=trait.why if trait else traits.WHY)
    return ScreenOut(verdict=verdict, why="It names no behaviour, topic or moment." if verdict else "")


async def tie_to_criterion(given: TieIn) -> TieOut:
    """The criterion with the most behind it in words, intake, panel plan and record."""
    return TieOut(criterion=ties.tie(given))


async def weigh_evidence(given: WeighIn) -> WeighOut:
    """A guess has no evidence, a denial is put to the record, an assertion rests on its nearest moments."""
    return weighing.weigh(given)


async def draft_statement(given: DraftIn) -> Drafted:
    """The moment's question, minute and words, and the criterion it bears on."""
    return Drafted(text=drafting.statement(given))


async def draft_question(given: DraftIn) -> Drafted:
    """A fair question in place of a statement."""
    return Drafted(text=drafting.question(given))


RULES = Judgements(
    by="rules",
    split_claims=split_claims,
    screen_claim=screen_claim,
    tie_to_criterion=tie_to_criterion,
    weigh_evidence=weigh_evidence,
    draft_statement=draft_statement,
    draft_question=draft_question,
)
