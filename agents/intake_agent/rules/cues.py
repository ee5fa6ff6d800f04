"""Closed classes of English that tell what is settled: modal verbs, and set phrases of bargaining, never the words of one job."""

import re
from typing import Final

from agents.language.phrases import phrases

DROPS: Final = phrases(
    r"(?:drop|scrap|strike|forget|skip|lose|delete|cut|ditch|bin|remove|leave|take|cross|cancel|throw|rub|scratch)"
    r"(?: \w+){0,3} (?:it|that|this"
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
    r"(?:i'd|i would|we'd|we would|i'll|i can|i could|we could|could|would) (?:\w+ )?(?:go|do|live|manage|hire|work) without",
    r"(?:i'd|i would|we'd|we would|i'll) (?:\w+ )?(?:have|take|choose|pick)(?: \w+){1,8} (?:over|before|ahead of)",
    r"(?:i'd|i would|we'd|we would|i'll|i) (?:\w+ )?(?:let|leave|forget|skip|waive|forgive|drop|lose"
    r"|ditch|bend on|flex on|relax)(?: \S+){1,9}"
    r" (?:for (?:that|it|this|them|somebody|someone)|if)",
    r"(?:in (?:the )?place of|in (?:its|their) place|in exchange for|in return for)(?: \w+)?",
    r"(?:can|could|will) (?:wait|come later|follow later|be learnt? later)",
    r"(?:i'll|i'd|i would|i can) (?:wait|hold off|budge|bend|give (?:way|ground)) on",
    r"(?:i'm|i am|i'd be|we're) (?:okay|ok|fine|happy|all right|alright|good|content) (?:with(?:out)?|to (?:go|do|lose|drop|give)|if)",
    r"(?:make|do|take) (?:that|the) (?:swap|trade|deal)",
    r"not (?:a )?must(?:-have)? (?:any ?more|any longer|now)",
    r"(?:goes|go) (?:out )?and (?:\w+ ){1,4}(?:comes|goes|go) in",
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

_NO_DEED = (
    r"(?!got\b|to\b|been to\b|(?:mine|fine|one|none|alone|online|even|open|often|red|need|bad|sad|mad|glad"
    r"|(?:straight|hap|list|o|tight|strength|soft|fast|light|sharp|wid|threat|fright)p?en)\b)"
)
DONE: Final = phrases(
    r"(?:they|she|he|you|somebody|someone|who|that they|that she|that he|(?:the|a) (?:person|candidate))"
    r"(?:'ve|'s|'d| have| has| had)(?: (?:\w+ly|ever|once"
    r"|also|themselves|actually))? "
    rf"{_NO_DEED}\w+(?:ed|en|un|ne|ld|pt|ght|ade|at|ut|ad|et|ot|ood|ome|own)"
)
"""Somebody has done something: what evidence of a past deed looks like in a sentence."""

WANTS: Final = phrases(
    r"(?:what|all|one thing|the one thing|the thing) (?:that )?(?:i'd|i|we'd|we|i would|we would) (?:really |actually )?"
    r"(?:want|need|like|look for|listen for|ask for)",
    r"(?:i'd|we'd|i would|we would) (?:really |rather |much rather )?(?:want|need|like|love|prefer|look for|listen for|hope)"
    r"(?: to (?:hear|see|know|be told))?",
    r"(?:i|we) (?:really |actually )?(?:want|need|look for|listen for) (?:to (?:hear|see|know|be told)"
    r"|somebody|someone|the (?:day|time|one)|them)",
    r"i'm (?:looking|listening) for|(?:i|we) should (?:like|want)",
    r"(?:my|our|the) (?:\w+ )?(?:condition|demand|wish|requirement) is(?: that)?",
    r"(?:give|gimme|get|find|bring) (?:me )?(?:one|somebody|someone|a person) (?:who|that)(?:'s|'ve)?",
    r"give me (?:somebody|someone|the (?:day|time|one))",
    r"(?:can|could) (?:tell me|name|show me|walk (?:me|us) through|say (?:what|which|who|where|how))",
    r"tell me (?:which|what|who|where|how)",
    r"(?:got|have|has) to tell",
)
"""What one would hear or see is named: verbs of wishing and of telling."""

SOUGHT: Final = phrases(
    r"(?<!there's )(?<!there are )(?<!there is )(?:somebody|someone|anybody|one|a person|the person)(?: (?:\w+ly|else))?"
    r" (?:who|that)(?:'s|'ve| has| have| can)"
)
"""The person sought and what they have done, in one breath: "somebody who's dropped a plan"."""

WORDS_ONE: Final = phrases(
    r"(?:somebody|someone|a person|the person)(?: (?:\w+ly|else))? (?:who|that)(?:'s|'ve|'d)? \w+",
    r"(?:they'd|they would|they've got to|they have to|they must) have (?!to\b)\w+",
)
"""The recruiter words what somebody would be or would have done, in whatever tense."""

HIS_STORY: Final = phrases(
    r"(?:he|she)(?:'d| had|'s been| has been)",
    r"there(?:'s| is| are| was| were) (?:\w+ )?(?:people|somebody|someone|folks?|plenty|many|some)",
)
"""What somebody known had done, or who there is: a story, and no wish."""

HAS_DONE: Final = re.compile(
    r"(?:^|[,.:;] |\b(?:must|to|should|needs?|not|like|and|but|or|um|uh|okay|so|then|that) )(?:(?:um|uh|okay|so|try this)[,.]? )*"
    rf"(?:has|have|had|'ve|'s) (?:(?:ever|once|also|\w+ly) )?{_NO_DEED}\w+(?:ed|en|un|ne|ld|lt|nt|pt|ght|ade|ut|ad|et|ot|ood|ome|own)\b",
    re.IGNORECASE,
)
"""A wording with no subject of its own: "has told an owner …"."""

BARE: Final = re.compile(
    r"^\W*(?:(?:so|and|okay|ok|right)[,.]? )?(?!need|indeed|red\b|bed\b)[a-z]{2,}(?:ed|pt|ght|ade|old)\b(?: \S+){4,}", re.IGNORECASE
)
"""A deed told without anybody: "Stopped a line for safety, and held everything back."."""

IF: Final = phrases(r"if|anyone|anybody|whoever|ever|the (?:moment|minute|day|first time)|who")
"""A condition, or whoever meets it."""

IN_RETURN: Final = phrases(r"for|over|if|than|instead|in (?:return|exchange|place|its place)|as long as|provided|without|wait")
PERSON: Final = phrases(
    r"they|them|their|somebody|someone|anybody|anyone|person|people|who|you|your|she|he|her|him|one|to (?:hear|see)|theirs?"
)
"""Somebody else than who is speaking."""

STORY: Final = phrases(r"i've|we've|i had|we had|i was|we were|my|us|our")
"""What happened to oneself, which is no wish."""

TO_YOU: Final = phrases(r"(?:i|you)(?:'ve| have| had)(?! to)")
"""What the two of them have done, which words no wish."""

UNREAL: Final = phrases(
    r"if (?:we|i|it|this|that|they|you|he|she) (?:were|was|weren't|wasn't|had(?! (?:ever|done)))",
    r"(?:i'd|i would|we'd) (?:probably|normally|maybe|perhaps) say",
    r"in (?:a|another) (?:perfect|ideal) world",
)
"""What would be if things were otherwise: nothing is settled by it."""

ENDS: Final = phrases(
    r"(?:then )?(?:it's|that's|it is|that is|is) (?:a|the|my|our) (?:\w+ )?no",
    r"(?:then )?it's (?:a )?no",
    r"(?:i'm|we're|they're|i am|he's|she's) (?:out|done)",
    r"(?:then )?(?:i|we) (?:can't|couldn't|won't|wouldn't)(?: have (?:it|that|them)| hire| go on| take (?:them|him|her))?(?=\W*$)",
    r"(?:i|we) (?:won't|wouldn't|will not|would not|can't) (?:have (?:it|that|them)|hire|go on|take (?:them|him|her)|touch)",
    r"out(?=\W*$)",
    r"over(?=\W*(?:bye\W*)?$)|bye(?=\W*$)",
    r"(?:once|one time) is enough",
    r"no matter (?:how|what)",
    r"however (?:good|strong|brilliant)",
    r"deal[- ]?breaker",
    r"over my dead body",
    r"walk(?:ing)? away",
    r"(?:end|stop|finish) (?:it|the interview|there)",
    r"(?:i|we) (?:do not|don't|wouldn't|won't|can't) want (?:them|him|her|that person|'em)(?: (?:in|near|on|around) \w+(?: \w+)?)?",
    r"(?:not|never) (?:coming|walking|setting foot|getting|going) (?:in|into|near|past|through|through to|anywhere)(?: \w+){0,3}",
    r"(?:they're|they are|you're|you are|then they're|that person is|it's) (?:out|gone|finished|over|done)",
    r"(?:once|one time|the first time) (?:is|was|would be|'s) (?:plenty|too (?:many|much|often)|all it takes)",
    r"(?:the|an?) (?:end|stop) (?:of|to) (?:it|that|the (?:talk|conversation|interview|call|road|matter))",
    r"(?:i'm|i am|i'd be|we're) (?:closing|shutting|putting down) (?:the|their) (?:folder|file|book|laptop|door|lid)",
    r"(?:i|we) (?:can't|cannot|couldn't|will not|won't) (?:forgive|get past|get over|live with|work with|look past|overlook|stand)",
    r"(?:the|a) (?:(?:one|only) )?(?:one|thing) (?:that )?(?:i|we) (?:can't|cannot|won't|couldn't) (?:have|take|forgive|allow|accept)",
    r"(?:i )?(?:don't|do not|wouldn't) (?:care|mind) (?:what|how|who|if|whether)(?: \w+){1,8}",
    r"don't (?:bring|send|show|give) me (?:them|him|her|that one)|once is it|(?:i|we) don't want to (?:give|see|meet|hear|know|work)",
    r"(?:i'm|we're|i am) not (?:having|hiring|taking|seeing|letting) (?:them|him|her|anyone|anybody|that)",
    r"(?:can|could|will|would) never (?:work|come|be|set foot|sit|join)|i (?:cannot|can't|could not|couldn't) go on|not if they",
    r"(?:they|he|she) (?:can|may) (?:go home|leave|go)(?=\W*$)|in (?:one|a) second(?=\W*$)",
    r"no (?:excuses?|second chance|way back|discussion|exceptions?)",
    r"(?:that's|it's|that is) (?:it|me|that)(?:,|\.)? (?:finished|over|done|out|gone)",
    r"(?:show|shown|see|seen) (?:\w+ ){0,2}(?:to )?the door|(?:game|all) over|finished(?=\W*$)",
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
    r"|hard )?no\b(?! (?:one|longer|more|need|to|in|on|at)\b)",
    r"(?:and|then) (?:it's|that's|you're) (?:all )?(?:over|done|finished)",
    r"put (?:the|your) pen down|where you'd (?:just )?(?:stop|walk|hang up|leave)",
    r"(?:the|a) no\b(?= for| from|\W*$)",
    r"(?:stop|end) the (?:interview|conversation|call)",
    r"walk (?:away|out)",
    r"(?:everything|whatever) else",
    r"turn (?:\w+ ){1,3}down",
    r"never (?:hire|take|accept)",
    r"no matter (?:what|how)",
    r"show-?stoppers?",
    r"(?:kill|sink|finish)s? (?:it|the (?:application|offer))",
    r"automatic(?:ally)? (?:no|out)|instant(?:ly)? (?:no|out)|an? (?:flat|hard|absolute|straight) no"
    r"|(?:thing|one) that(?:'s| is) (?:a|the) no",
    r"(?:thing|something|anything) (?:that|which) (?:excludes|ends|rules|finishes|kills|stops)",
    r"(?:have|has|had|make|makes) you (?:closing|close|walk|stop|hang|end|leave)",
    r"(?:and|but|yet) (?:you|you'd|you would|you'll|they'd|i'd) still (?!have\b|has\b)\w+",
    r"still (?:not|couldn't|can't|wouldn't|won't|say no|turn|send|show)",
    r"(?:come|came|get) back to the no|(?:what|anything|something) (?:would|'d|could) (?:\w+ )?(?:put you off|end it|stop you|lose you)",
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
