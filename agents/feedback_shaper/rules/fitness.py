"""Whether a claim is fit to be shaped: about the job at all, naming anything, and asserting rather than guessing."""

import re

from agents.feedback_shaper.rules import cues
from agents.feedback_shaper.rules.traits import Trait, trait_in

__all__ = ["EMPTY", "Trait", "asserts_nothing_seen", "content", "is_nameless", "trait_in"]

_WORD = re.compile(r"[a-z][a-z'-]*")
# Function words, plus the nouns, verbs and adjectives that a judgement can be made of without saying what was seen.
EMPTY = frozenset(
    """a about above after again all almost also always am an and any are aren't around as at be because been before being below both but by came can can't come could couldn't
    d did didn't do does doesn't doing don't down each enough even ever every few for from further get go going good got had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself him himself his hm hmm
    how i i'd i'll i'm i've if in into is isn't it it'd it's its itself just know less let like little ll lot lots m made make many maybe me mean might mine more most much my myself near need no nor not now of off oh
    on once one only or other our ours ourselves out over overall own perhaps person people plus please probably quite rather re really s same say saying says see seem seemed seems she she'd she'll she's should shouldn't so some
    somehow something somewhere sort still stuff such sure t take than thank thanks that that'd that's the their theirs them themselves then there there's these they they'd they'll they're they've thing things think this those though
    thought through to today too um under until up us ve very want was wasn't way we we'd we'll we're we've well went were weren't what what's when where which while who whole whom why will with won't would wouldn't yeah yep yes yet
    you you'd you'll you're you've your yours bit kind feel feels feeling felt find finger gut guess hunch idea impression interview candidate conversation chat call meeting hour minutes mind mixed moment question read reading sense
    side solid somewhat talk talks tell time unsure vibe wonder yay nay hire pass fail score grade rating average decent fine great nice okay ok perfect excellent amazing impressive impressed brilliant lovely bad poor weak strong
    strongly average alright best better worse worst happy unhappy sad glad sorry excited convinced click clicked connect connected gel gelled spark wow love loved like liked likeable likes warm friendly pleasant charming
    interesting smart bright clever sharp quick solid keen confident confidence energy fit presence personality character attitude senior junior seniority level strength weakness slept sleep put pin place describe explain name
    quality class first second third number candidate's man woman guy lady easy hard tired polite maybe overall slightly totally completely absolutely definitely certainly simply generally basically actually honestly frankly""".split()
)


def is_nameless(text: str) -> bool:
    """Whether the text names no behaviour, topic or moment: only feelings, grades and praise that would fit anybody."""
    flat = cues.plain(text).lower()
    if cues.PRETERITE_MODAL.search(flat):
        return False
    left = [w for w in _WORD.findall(cues.NAMELESS.sub(" ", flat)) if w.strip("'-") not in EMPTY]
    return not left


def asserts_nothing_seen(text: str) -> bool:
    """Whether the text predicts, guesses or worries about what was not seen, instead of asserting what was."""
    flat = cues.plain(text)
    if cues.GUESS.search(flat) and (cues.PERFECT.search(flat) or cues.CONDITIONAL.search(flat)):
        return True
    # A doubt about what somebody has done is a denial that the record can answer; one about what they would do is not.
    if cues.DOUBT.search(flat) and cues.PERFECT.search(flat):
        return False
    if cues.PRETERITE_MODAL.search(flat) and not cues.SPECULATION.search(flat):
        return False
    return bool(cues.SPECULATION.search(flat) or cues.CONDITIONAL.search(flat) or _asks(flat))


def _asks(flat: str) -> bool:
    return bool(re.match(r"\W*(?:would|will|could|can|might|does|is|has) (?:he|she|they)\b", flat, re.IGNORECASE))


def content(text: str) -> set[str]:
    """The words of four letters and more that carry content, in lower case."""
    return {w for w in re.findall(r"[^\W\d_]{4,}", cues.plain(text).lower()) if w not in EMPTY}
