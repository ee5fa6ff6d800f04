"""Whether a wish says again what stands, or says the opposite of it."""

from agents.intake_agent.judgements import LineKind
from agents.intake_agent.rules.acts import is_fragment
from agents.intake_agent.rules.exchanges import stems
from agents.intake_agent.rules.hearing import denies
from agents.intake_agent.state import IntakeState, LineState, of_kind, words_of
from retrieval.amounts import amounts
from retrieval.words import words as stream


def repeated(state: IntakeState, words: str) -> bool:
    """Whether a must-have that stands says it already: in the same words, or where it is only named again."""
    named = stems(words) if is_fragment(words) else frozenset()
    held = of_kind(state, LineKind.MUST_HAVE, "stands", "proposed")
    return any(words_of(x).casefold() == words.casefold() or (named and named < stems(words_of(x))) for x in held)


def restated(state: IntakeState, kind: LineKind, words: str) -> LineState | None:
    """The line of that kind that says the same already: half of its words or more."""
    mine = stems(words)
    for x in of_kind(state, kind, "stands", "proposed"):
        theirs = stems(words_of(x))
        if len(mine & theirs) >= 2 and len(mine & theirs) * 2 >= min(len(mine), len(theirs)):
            return x
    return None


def contradicted(state: IntakeState, words: str) -> LineState | None:
    """The must-have on the same subject that says the opposite, or another amount."""
    mine = stems(words)
    for x in of_kind(state, LineKind.MUST_HAVE, "stands", "proposed"):
        theirs = stems(words_of(x))
        if not mine & theirs:
            continue
        near = len(mine & theirs) * 2 >= min(len(mine), len(theirs))
        numbers = [_numbers(text) for text in (words, words_of(x))]
        if near and (denies(words) != denies(words_of(x)) or (all(numbers) and not numbers[0] & numbers[1])):
            return x
    return None


def _numbers(text: str) -> set[str]:
    return {a.forms[-1] for a in amounts(text, stream(text))}
