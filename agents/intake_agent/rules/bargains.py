"""How a trade is worded: somebody waives one thing on condition of another, or sets one against the other."""

from typing import Final

from agents.intake_agent.rules import cues
from agents.language.phrases import phrases

WAIVES: Final = phrases(
    r"needn't|need not|(?:don't|doesn't|do not|does not|wouldn't) (?:\w+ )?(?:have|need) to",
    r"(?:would|'d|'ll|can|could|will|might) (?:\w+ )?(?:forgive|waive|relinquish|forgo|forego|overlook|excuse|surrender|spare|let \w+ off)",
    r"(?:i'd|i'll|we'd|we'll) (?:\w+ )?(?:forgive|waive|relinquish|forgo|forego|overlook|excuse|surrender|spare|let \w+ off)",
    r"(?:won't|wouldn't|shan't|don't|do not|will not|would not) (?:\w+ )?(?:ask|insist|look|mind|care|bother|require|fuss|miss)",
    r"(?:it|then it) can be (?:someone|somebody|anybody|anyone)",
    r"(?:i'd|i would|we'd|i'll) take (?:\w+ ){1,6}and be (?:glad|happy|grateful)",
)
"""The verbs of letting somebody off: a requirement is lifted."""

PROVIDED: Final = phrases(
    r"if|where|when|once|as long as|so long as|provided|providing|on condition|somebody who(?:'s)?|someone who(?:'s)?"
)
"""What lifts it."""

EQUALS: Final = phrases(
    r"(?:is|are|be|was|'s|were) (?:\w+ ){0,3}worth (?:the|all|any|more|my|two|three|four|five|ten|twice|a hundred)",
    r"outweighs?|makes? up for|stands? in for|counts? (?:for )?more than|(?:just )?as good as"
    r"|one for the other|even[- ]steven|like for like",
    r"(?:straight|fair|even|good) (?:swap|exchange|trade|bargain)|straight across",
    r"(?:i'd|i would|we'd|i'll) (?:\w+ )?take (?:\w+ ){1,6}for (?:the|my|those|that|your)",
)
"""One thing is set against the other."""

SWAPS: Final = phrases(
    r"in (?:its |their )?(?:place|exchange|return|lieu)(?: (?:of|for))?|instead of|rather than|(?:exchange|bargain|swap|trade|barter)s?",
    r"outweighs?|(?:drop|drops|fall|falls|go|goes) away|(?:may|can|could) go|(?:isn't|aren't|not) (?:asked for|needed|required)|provided",
    r"(?:for|against|over) (?:the|your|those) (?:\w+ ){0,3}\w+(?=\W*$)|follows? (?:later|after)|even[- ]steven|makes up for",
)
"""The recruiter words it as a trade."""


_KEEPS: Final = phrases(
    r"(?:can't|cannot|won't|wouldn't|couldn't|not) (?:\w+ )?(?:give|giving|drop|dropping|lose|losing|trade|trading|let|swap)\b(?!.*\bif\b)"
)
"""Nothing is given up, in so many words."""

_LETS_GO: Final = phrases(
    r"(?:needn't|need not|(?:don't|doesn't|do not|does not) (?:really )?(?:have|need) to)|(?:i|we) (?:can|could|might|would) leave"
    r"|(?:can|could|may|might) (?:go|wait|leave|be left|be dropped)|(?:i|we) (?:need|want) (?:it|them|that|those|this) not"
    r"|not (?:so |that |very |too )?(?:important|needed|necessary|essential)|without|nah|no need|never mind|skip|forget"
    r"|(?:we|i) (?:can|could|will|'ll) (?:\w+ )?(?:teach|train|show|send|put)"
)
"""Something goes, as an answer to what would be given up."""

_COMES_FOR_IT: Final = phrases(
    r"when|whenever|as long as|so long as|provided|instead|in (?:return|exchange)|rather|sooner|better|prefer|give me"
    r"|(?:i|we)(?:'ll|'d)? (?:\w+ )?take"
    r"|somebody who|someone who"
)
"""What would have to come for it."""

INDIFFERENT: Final = phrases(r"(?:i|we) (?:don't|do not|wouldn't|couldn't) (?:care|mind) (?:if|whether|how \w+)")
"""That nothing else counts, which gives nothing up: "I don't care if they adore them"."""

OFFERS: Final = phrases(
    r"would you (?:\w+ )?(?:take|swap|rather|have|hire|live with|accept|see|consider|trade|do)",
    r"(?:you'd|you would|you could|could you|you can) (?:\w+ )?(?:take|live with|rather|let|swap|see|accept|do without)",
    r"if (?:i|we) (?:\w+ )?(?:found|got|brought|sent|had)(?: you)?|here's a (?:deal|swap|trade)|(?:needn't|wouldn't need to) ever",
)
"""The recruiter puts a trade to the manager."""


def offers(text: str) -> bool:
    """Whether the recruiter puts it to the manager to let something go for something else."""
    return gives_up(text) or bool(
        OFFERS.search(text) and (PROVIDED.search(text) or cues.SOUGHT.search(text) or cues.IN_RETURN.search(text))
    )


def gives_up(text: str) -> bool:
    """Whether something is let go for something else in it: by a set phrase, or waived on a condition."""
    if cues.GIVES_UP.search(text) or EQUALS.search(text):
        return True
    text = INDIFFERENT.sub(" ", text)
    return bool(PROVIDED.search(text) and (WAIVES.search(text) or cues.DROPS.search(text)))


def bargains(text: str) -> bool:
    """Whether it lets something go, or names what would have to come for it."""
    return not _KEEPS.search(text) and any(cue.search(text) for cue in (cues.GIVES_UP, cues.IN_RETURN, cues.DROPS, _LETS_GO, _COMES_FOR_IT))


def comes_for_it(text: str) -> bool:
    """Whether it names what would have to come for what goes."""
    return bool(_COMES_FOR_IT.search(text) or cues.IN_RETURN.search(text))
