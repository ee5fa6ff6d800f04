"""Closed classes of English that tell what is settled: modal verbs, and set phrases of bargaining, never the words of one job."""

import re
from typing import Final

from agents.language.phrases import phrases

DROPS: Final = phrases(
    r"(?:drop|scrap|strike|forget|skip|lose|delete|cut|ditch|bin|remove|leave|take|cross|cancel)(?: \w+){0,3} (?:it|that|this"
    r"|them|those|all|both)?"
    r" ?(?:off|out|away|aside)",
    r"(?:drop|scrap|strike|forget|skip|delete|ditch|bin|remove|cancel) (?:it|that|this|them|those|all|both|the|my)",
    r"(?:leave|lose|cut) (?:it|that|this|them|those)",
    r"(?:is|it's|that's|'s) (?:off|out|gone|nothing|learnable|trainable|teachable)",
    r"(?:can|could|will|'ll) (?:be (?:taught|learn(?:ed|t)|trained)|learn (?:it|that|them)|go)",
    r"not (?:a rule|on the contract|a must|essential|required|needed|necessary|a requirement|that important|a condition)",
    r"(?:just |only )?nice(?: to have)?,? (?:no more|nothing more|that's all|if)",
    r"(?:put|call|leave|keep) (?:it|that|them) (?:down )?(?:as|at) (?:a )?(?:nice|bonus|extra|plus|preference)",
    r"(?:nice|good|great|lovely) to have",
    r"(?:a|my|his|her) (?:bonus|treat|preference|luxury|hobby horse)",
    r"(?:i|we) (?:don't|do not|wouldn't|can't|won't|no longer) (?:really |actually |honestly |even )?(?:need|insist|require"
    r"|care about|mind|say|ask for)",
    r"(?:i|we) (?:could|can|would|'d) (?:live|do|manage) (?:with|without)(?: (?:it|that|them))?",
    r"(?:doesn't|don't|does not|do not|didn't) (?:really )?matter",
    r"no (?:longer |more )?(?:need|point)(?: for| in)?",
    r"never mind",
    r"cross (?:it|that|them) out",
    r"let (?:it|that|them) go",
)
"""A wish goes: the verbs of taking away, and the ways of calling something dispensable."""

GIVES_UP: Final = phrases(
    r"(?:give|giving|gives|gave) (?:it |that |them )?up",
    r"give \w+(?: \w+){0,3} up",
    r"(?:trade|swap|exchange|sacrifice|forgo|forego)(?: (?!offs?\b)\w+){1,6} (?:for|against)",
    r"(?:i'd|i would|we'd|we would|i|we) (?:\w+ )?(?:swap|trade|sacrifice)",
    r"(?:i'd|i would|we'd|we would|i'll) (?:\w+ )?(?:let|lose|drop)(?: \w+){1,6} (?:for|if|in exchange)",
    r"(?:i'd|i would|we'd|we would)(?: \w+)? (?:rather|sooner|prefer)",
    r"(?:i'd|i would|we'd|we would) (?:\w+ )?take(?: \w+){1,9} (?:over|instead of|rather than|before)",
    r"(?:don't|doesn't|do not|does not|wouldn't) (?:\w+ )?need(?: \w+){1,8} (?:if|as long as|provided|so long as)",
    r"if (?:she|he|they|you)(?:'s|'ve|'re| has| have| can| know| knows)?(?: \w+){1,14},? (?:then )?(?:fine|i'm fine|that's fine"
    r"|okay|that'll do|good enough)",
    r"if .{3,60}\b(?:live|do|manage|get by) without \w+",
    r"no (?:\w+ ){1,3}(?:needed|necessary|required),? (?:if|as long as|provided|so long as)",
)
"""Something is let go for something else."""

CONTRASTS: Final = phrases(r"(?:instead of|in exchange|in return|in place of|rather than|better than|more than)")
"""One thing is set beside another; that is a trade only where a trade is being talked of."""

REQUIRES: Final = phrases(
    r"must(?: (?:have|be|not|never|know|show|want))?(?! [- ]?haves?)",
    r"(?:have|has|'ve|'s) got to",
    r"(?:have|has) to(?: have| be| show| know)",
    r"need(?:s|ed)? to(?: have| be)?",
    r"(?:what|all|one thing|the thing) (?:that )?(?:i|we) (?:really |actually )?(?:want|need)",
    r"(?:i|we)(?:'d| would)? (?:really |absolutely |just |also )?(?:need|want|insist on|look for|like)(?: to (?:hear|see|know|have))?",
    r"the time (?:when|that|they)",
    r"show me",
    r"(?:it's|that's|is|as) a must",
    r"non-?negotiable",
    r"(?:put|write|note)(?: it| that| this)? (?:in|down) that",
    r"to have \w+",
    r"have they(?: ever)?",
    r"without (?:being asked|that|it)",
)
"""A wish is put as a condition: modal verbs of need, and the ways of asking for evidence."""

DONE: Final = phrases(
    r"(?:they|she|he|you|somebody|someone|who|that they|that she|that he)(?:'ve|'s|'d| have| has| had)(?: (?:\w+ly|ever|once"
    r"|also|themselves|actually))? "
    r"(?!got\b|to\b|been to\b)\w+(?:ed|en|un|ne|ld|pt|ght|ade|at|ut|ad|et|ot|ood|ome|own)"
)
"""Somebody has done something: what evidence of a past deed looks like in a sentence."""

ENDS: Final = phrases(
    r"(?:then )?(?:it's|that's|it is|that is|is) (?:a|the|my|our) (?:\w+ )?no",
    r"(?:then )?it's (?:a )?no",
    r"(?:i'm|we're|they're|i am|he's|she's) (?:out|done)",
    r"(?:then )?(?:i|we) (?:can't|couldn't|won't|wouldn't)(?: have (?:it|that|them)| hire| go on| take (?:them|him|her))?(?=\W*$)",
    r"(?:i|we) (?:won't|wouldn't|will not|would not|can't) (?:have (?:it|that|them)|hire|go on|take (?:them|him|her)|touch)",
    r"out(?=\W*$)",
    r"(?:once|one time) is enough",
    r"no matter (?:how|what)",
    r"however (?:good|strong|brilliant)",
    r"deal[- ]?breaker",
    r"over my dead body",
    r"walk(?:ing)? away",
    r"(?:end|stop|finish) (?:it|the interview|there)",
)
"""It ends at once: finality after a condition."""

RECAPS: Final = phrases(
    r"(?:say|read|play|give) (?:it|that|them|this|you|everything) (?:all )?back",
    r"(?:let me|i'll|i will|shall i|can i) (?:just )?(?:recap|repeat|summari[sz]e|sum (?:it|that|this) up)",
    r"go through (?:it|them|that) (?:again|once more)",
    r"(?:to|so,? to) (?:recap|sum up|summari[sz]e)",
)
"""Somebody is about to say again what was settled."""

HEDGES: Final = phrases(
    r"(?:i|we) (?:don't|do not|wouldn't) know",
    r"(?:if|whatever) you (?:say so|say|like|want|think)",
    r"(?:not|i'm not) (?:so |really |too )?sure",
    r"what(?:'s| is) that",
    r"(?:maybe|perhaps|possibly|i suppose|i guess)(?=\W*$)",
)
"""Nothing is agreed to, though something is said."""

RETRACTS: Final = re.compile(
    r"^\W*(?:(?:um|uh|hm+|well|actually|okay|oh),? )*(?:no,? (?:wait|hang on|hold on|actually|the (?:one|real|thing)|that's"
    r" (?:me|just)|scratch|cross|sorry)"
    r"|probably not|not really|scratch that|cross that out|let me (?:start|think|try) again|actually,? (?:no|forget))",
    re.IGNORECASE,
)

MEASURED: Final = phrases(
    r"(?:i'm|i am|we're|we are|i get|i'll be|my team(?:'s| is)|they|she|he) (?:\w+ )?(?:measured|scored|judged|rated|graded"
    r"|assessed|looked at|ranked|marked|paid)"
    r"(?: \w+)? (?:on|by|for)",
    r"(?:measure|score|judge|rate|pay|assess) (?:me|us) (?:on|by|for)",
    r"(?:my|our) (?:\w+ )?(?:bonus|target|targets|objective|objectives|kpis?|goal|goals|okrs?|quota|number|numbers|scorecard"
    r"|metric|metrics)",
    r"(?:a|the) (?:[\w-]+ ){0,3}target",
    r"(?:what|that's what) (?:i'm|i am) (?:on the (?:wall|hook)|paid|measured)",
    r"(?:the number|what) i'm on",
    r"on (?:the|my) (?:hook|wall)",
    r"(?:keeps|keep) me (?:up|awake)",
    r"with my name (?:on|in|under|against|beside|next to)",
    r"my name (?:is |'s )?(?:on|in|under|against)",
    r"(?:it's|it is|that's) my (?:name|head|neck|job)",
    r"i'm the one (?:who|that|sat|sitting|standing|explaining)",
    r"i'm under pressure",
    r"(?:boss|director|board|lot|chief|company|bosses|management) (?:\w+ )?(?:counts?|looks? at|measures?|watch(?:es)?|asks?"
    r" (?:me )?(?:for|about))",
    r"i (?:lose|get|earn) points",
    r"(?:what )?(?:i'm|i am|we're) counted on|counted on is",
    r"time[- ]to[- ](?:fill|hire|accept)",
    r"days open|vacancy weeks|offers accepted",
)
"""What a side answers for: the vocabulary of targets and of being held to account."""

ASKS_MEASURED: Final = phrases(
    r"(?:are|do|does|get|is|'s|'re) (?:you|they|he|she|your \w+)?(?: \w+){0,2} ?(?:measured?|scored?|judged?|rated?|paid"
    r"|assessed?|looked at|on the hook)",
    r"what(?:'s| is) (?:yours|on you|your side)|(?:what|how) about you\b|and you\?",
    r"on the hook",
    r"your (?:own )?(?:target|targets|objective|objectives|bonus|goals?|numbers?|kpis?|pressure)",
)
ASKS_DEAL_BREAKER: Final = phrases(
    r"deal[- ]?breakers?",
    r"red lines?",
    r"rules? (?:\w+ ){0,3}out",
    r"(?:say|said|saying|mean|means|makes? (?:it|you|them)(?: \w+)?|would be|be|is|it's|'s) (?:a |an |the |straight |instant "
    r"|hard )?no\b(?! (?:one|longer|more|need))",
    r"(?:the|a) no\b(?= for| from|\W*$)",
    r"(?:stop|end) the (?:interview|conversation|call)",
    r"walk (?:away|out)",
    r"(?:everything|whatever) else",
    r"turn (?:\w+ ){1,3}down",
    r"never (?:hire|take|accept)",
    r"no matter (?:what|how)",
    r"show-?stoppers?",
    r"(?:kill|sink|finish)s? (?:it|the (?:application|offer))",
)
ASKS_TRADE_OFF: Final = phrases(
    r"(?:give|giving|gave) (?:\w+ ){0,2}up",
    r"(?:would|'d|could|can|do) (?:you )?(?:\w+ )?(?:trade|swap|bend|flex|compromise|budge|do without|live without)",
    r"(?:can|could|would|might) (?:move|give|flex|bend)",
    r"(?:rather|sooner) (?:have|take|see)?",
    r"negotiable",
    r"trade[- ]?offs?",
    r"(?:take|accept|have) instead",
    r"in (?:return|exchange)",
)
ASKS_MUST_HAVE: Final = phrases(
    r"(?:what|who) (?:must|do|would|should|does|did) .{0,30}?(?:have|need|want|like|hope|look)",
    r"(?:what|who) (?:breaks|goes wrong|went wrong|hurts|fails|would hurt|would break|could go wrong)",
    r"what(?:'s| is)(?: your| the)? (?:one|two|three|first|second|third|next|number \w+)",
    r"(?:first|second|third|next|another|other) (?:one|thing|must)?",
    r"(?:what|anything|something|who) else",
    r"must[- ]?haves?|musts?",
    r"(?:is|are) .{0,40}(?:number (?:one|two|three)|a must)",
)
