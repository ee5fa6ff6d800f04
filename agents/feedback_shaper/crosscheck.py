"""A model's judgement beside the rules': where the two read a claim apart, less is asserted, and the record says that they do.

The rules cannot tell what a story shows. But they know a guess, a denial and a remark on a protected trait by their form, and a
model that reads one of these as a plain report, or the reverse, is one whose word is not enough.
"""

from collections.abc import Sequence
from typing import NamedTuple

from agents.feedback_shaper.judgements import ClaimDraft, ScreenIn, SplitIn, TieIn, TieOut, WeighIn
from agents.feedback_shaper.rules import RULES, claims, fitness, polarity
from agents.feedback_shaper.rules.fitness import content
from alignment.citation import Citation
from alignment.feedback import Polarity, Verdict
from retrieval.wording import unsupported_words

DECISIVE_WORDS, DECISIVE_SHARE = 3, 0.6
_LADDER = (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE)
"""From what asserts most to what asserts least."""


async def with_what_was_left_out(raw: str, drafts: Sequence[ClaimDraft], given: SplitIn) -> list[ClaimDraft]:
    """The model's claims, none overlapping the one before, and what the rules find in the rest: nothing written is lost.

    A claim that joins a remark on a protected trait to something else, or the end of one sentence to the beginning of another, is
    parted as the rules part it: the remark would else take the rest with it.
    """
    own = (await RULES.split_claims(given)).claims
    kept: list[ClaimDraft] = []
    for d in (d for d in drafts if any(c.isalnum() for c in raw[d.start : d.end])):
        touched = [o for o in own if o.start < d.end and d.start < o.end]
        cut = any(o.start < d.start or d.end < o.end for o in touched)
        mingled = len(touched) > 1 and (cut or any(fitness.trait_in(raw[o.start : o.end]) for o in touched))
        for part in touched if mingled else [d]:
            if all(part.end <= k.start or k.end <= part.start for k in kept):
                kept.append(part)
    missed = [part for gap in _gaps(raw, kept) for part in await _asserted_in(raw, *gap, given)]
    return sorted([*kept, *missed], key=lambda d: d.start)


def _gaps(raw: str, kept: Sequence[ClaimDraft]) -> list[tuple[int, int]]:
    """The stretches of the text that no claim covers."""
    ends = sorted((k.start, k.end) for k in kept)
    return [(a, b) for a, b in zip([0, *(e for _, e in ends)], [*(s for s, _ in ends), len(raw)], strict=True) if raw[a:b].strip()]


async def _asserted_in(raw: str, start: int, end: int, given: SplitIn) -> list[ClaimDraft]:
    """What the rules find asserted in a stretch: not the joining words and courtesies that lie between claims."""
    found = (await RULES.split_claims(given.model_copy(update={"raw": raw[start:end]}))).claims
    moved = [c.model_copy(update={"start": start + c.start, "end": start + c.end}) for c in found]
    return [c for c in moved if claims.asserts(raw[c.start : c.end]) or fitness.trait_in(raw[c.start : c.end])]


def leans_apart(span: str, lean: Polarity) -> bool:
    """Whether the rules read the claim as leaning the other way."""
    return {lean, polarity.polarity_of(span)} == {Polarity.POSITIVE, Polarity.NEGATIVE}


class Screened(NamedTuple):
    """What becomes of a claim before it is weighed; `doubted` where it goes on although one of the two would have asked about it."""

    verdict: Verdict | None
    note: str = ""
    doubted: bool = False


async def screened(verdict: Verdict | None, given: ScreenIn) -> Screened:
    """The two readings of a claim as one.

    What the rules set aside stays aside, and what they find nothing in is asked about. What only a model would set aside is asked about
    instead, since setting a claim aside silences it, unless the learned head for kinds of claims reads it so before anything else.
    Where only a model finds nothing in a claim, it is weighed all the same, so that there are moments to ask with.
    """
    own = (await RULES.screen_claim(given)).verdict
    if own is verdict:
        return Screened(own)
    if own is Verdict.NOT_JOB_RELATED:
        return Screened(own, "The rules set it aside, the model would not.")
    if verdict is Verdict.NOT_JOB_RELATED and given.signals and max(given.signals, key=given.signals.__getitem__) == verdict.value:
        return Screened(verdict)
    if verdict is Verdict.NOT_JOB_RELATED:
        return Screened(Verdict.TOO_VAGUE, "The model would set it aside, the rules would not: it is asked about.")
    if own is Verdict.TOO_VAGUE:
        return Screened(own, "The rules alone found nothing in it that names behaviour, topic or moment.")
    return Screened(None, "The model alone found nothing in it that names behaviour, topic or moment.", doubted=True)


async def tied_apart(out: TieOut, given: TieIn) -> list[str]:
    """What to record where the rules tie the claim to something else; neither is known to be right."""
    own = (await RULES.tie_to_criterion(given)).criterion
    return [] if own == out.criterion else [f"The model ties it to {out.criterion or 'nothing'}, the rules to {own or 'nothing'}."]


async def weighed(
    verdict: Verdict, asserted: bool, given: WeighIn, labels: Sequence[str], cited: Sequence[Citation], *, doubted: bool
) -> tuple[Verdict, bool, list[str]]:
    """The model's verdict where the rules agree or the evidence is decisive; else the one of the two that asserts less, as a question.

    A contradiction is asserted only where both see it in the same moment.
    """
    out = await RULES.weigh_evidence(given)
    own = out.verdict
    apart = [f"The model reads it as {verdict.value}, the rules as {own.value}."] if own is not verdict else []
    if doubted:
        apart.append("The model and the rules read the claim itself apart.")
    if verdict is own is Verdict.CONTRADICTED and list(labels[:1]) != list(out.moments[:1]):
        apart.append("The model and the rules see the contradiction in different moments.")
    if not apart or not asserted:
        return verdict, asserted, apart
    if verdict is Verdict.SUPPORTED and decisive(given.span, cited):
        return verdict, True, [*apart, "The moment holds the claim's own words, so it stands."]
    lower = Verdict.NO_EVIDENCE if verdict is own is Verdict.SUPPORTED else max(verdict, own, key=_LADDER.index)
    return lower, False, apart


def decisive(span: str, cited: Sequence[Citation]) -> bool:
    """Whether the moments hold most of the claim's own words, and the claim adds no number, name, time, quotation or denial to them."""
    about = content(span)
    held = set().union(*(content(c.text) for c in cited)) if cited else set()
    enough = len(about) >= DECISIVE_WORDS and len(about & held) >= DECISIVE_SHARE * len(about)
    return enough and not fitness.asserts_nothing_seen(span) and not unsupported_words(span, cited, None)
