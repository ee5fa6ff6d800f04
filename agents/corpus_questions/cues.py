"""How people ask over all searches: the forms of words by which a question shows what is to be counted, and in what groups."""

from typing import Final

from agents.language.phrases import phrases
from alignment.corpus_answer import Grouping, Measure

_TALKED = (
    r"(?:mention|describ|talk|t[oe]ll|told|sa[iy]d?|spoke|speak|explain|discuss|bring|brought|brag|admit|refer|led|lead"
    r"|ran|run|built|build|handled"
    r"|dealt|managed|done|did|used|worked|owned|closed|rescued|turned|calm|quote)\w*"
)
_CANDIDATES = (
    r"(?:candidates?|people|person|folks|anyone|anybody|someone|somebody|applicants?|engineers?|nurses?|designers?|(?:sales ?)?reps?"
    r"|interviewees?)"
)

CANNOT: Final = phrases(
    r"(?:rank|order|sort|list)(?: \w+){0,4}? (?:candidates?|applicants?|finalists?)(?: \w+){0,4}? (?:best|worst|score"
    r"|top)|(?:best|top|strongest|worst|weakest)"
    r" (?:\w+ )?(?:candidate|applicant|finalist)s?|total (?:scores?|grades?|points)|overall (?:score|rank\w*|best)"
    r"|(?:leader ?board|league table)",
    r"(?:most|more|less|least) likely to (?:\w+ )?(?:leave|stay|quit|succeed|fail|accept|perform|last|be)|predict\w*"
    r"|forecast|will (?:still )?(?:be|stay|leave|succeed|perform)|likely to",
    r"(?:should|shall) (?:we|i) (?:hire|reject|pass on|make|offer|pick|go with)|(?:hire|no[- ]hire) or (?:not|no)"
    r"|who(?:m)? (?:should|do) (?:we|i) hire",
    r"(?:older|younger|old|young|female|male|women|men|woman|man|gay|straight|black|white|asian|foreign|muslim|christian"
    r"|jewish|disabled|pregnant"
    r"|immigrant|religious) (?:candidates?|applicants?|people|nurses|engineers|designers|ones|hires)",
    r"(?:women|men|females|males|mothers|parents) (?:do|get|score|fare|perform|or|and|vs|versus|than|compared)",
    r"by (?:gender|sex|age|race|ethnicity|nationality|religion|accent)|(?:gender|age|race|ethnic\w*|nationality"
    r"|religio\w*|accents?) (?:gap|split|breakdown"
    r"|difference|group)s?",
    r"salar(?:y|ies)|compensation|pay (?:expectations?|demands?|bands?)|how much (?:do|did|does) (?:\w+ ){1,3}(?:earn"
    r"|make|want|ask for|cost)|notice periods?",
    r"(?:other|competitor'?s?|rival|another|different) (?:compan(?:y|ies)|firms?|employers?|organi[sz]ations?|customers?"
    r"|clients?|tenants?)|industry (?:average|benchmark)"
    r"|(?:google|amazon|meta|our competitors?|competitors)\b",
    r"who(?:'s| is| was)? (?:the |our )?(?:\w+ )?(?:best|worst|strongest|weakest|top)(?: \w+)?\b(?! (?:marker|grader))"
    r"|who (?:did|does|do|performed|scored) (?:\w+ )?(?:best|worst|better)",
    r"(?:have|did|do|were|was|has) (?:we|they|i) (?:\w+ )?(?:reject|hire|turn(?:ed)? (?:down|away)|make offers?"
    r"|made offers?)\w*|(?:hired|rejected|declined) (?:in|by|per|this|last)",
    r"(?:with|having|have|has) (?:\w+ )?(?:accents?|kids|children|disabilit(?:y|ies)|beards?|tattoos?)|overall (?:no\.?"
    r"|number) ?(?:1|one)|add(?:ed|ing)? up (?:their|the|all|his|her) (?:grades|scores|marks)|number one candidate",
    r"personalit(?:y|ies)|culture fit|introvert\w*|attitude problem|honest candidates|lying|liars?|smart(?:er|est)|intelligen\w*|iq",
)
"""Nothing in this record answers it, or nothing should."""

COUNTED: Final = phrases(
    r"^\W*(?:interviews|candidates|searches|people seen) (?:per|by|in|for|this|last|held|seen)",
    r"(?:how many|number of|no\.? of|count(?: of)?|total) (?:\w+ ){0,2}?(?:interviews?|candidates?|searches|people"
    r"|applicants?|interviewers?|conversations?)"
    r"(?= (?:did|have|has|had|were|was|are|is|do|does|per|by|in|on|this|last|we|each|for|since|seen|between|so|across"
    r"|from|held|took|with)\b|\W*$)",
)
"""How much there is on record, and nothing about it."""

TOLD: Final = phrases(
    rf"(?:who|who's|who has|who have|which (?:\w+ )?{_CANDIDATES}|(?:has|have|did) any(?:one|body)?(?: {_CANDIDATES})?"
    rf"|anyone|anybody|(?:a|any) {_CANDIDATES}|{_CANDIDATES} who|where a {_CANDIDATES})"
    r" (?:(?:has|have|had|who|that|ever|actually|really|also|else|here|could|couldn't|can|can't|clearly) )*"
    r"(?:mention|describ|talk(?!ed over)|t[oe]ll|told|spoke|speak|explain|discuss|admit|name\b|named\b|give an example|gave an example)\w*"
)
"""Somebody looks for what candidates said."""

MEASURES: Final = (
    (
        Measure.CALIBRATION,
        phrases(
            r"(?:go|goes|going|went) (?:easy|easier|hard|harder|soft|softer) on|recalibrat\w*|(?:grades?|marks?"
            r"|scores?) (?:run|runs|ran|are|lie) ahead",
            r"harsh\w*|strict\w*|lenien\w*|generous\w*|calibrat\w*|severe\w*|severity|stingy|stingiest|mild\w*"
            r"|easy (?:marker|grader|scorer)s?|grade inflation",
            r"(?:tough|hard|soft|kind|fair|easy|high|low|reliable|unreliable)(?:er|est)? (?:\w+ )?(?:marker|grader|scorer"
            r"|rater|interviewer|marking|grading|scoring)s?",
            r"(?:mark|grad|scor|rat)(?:es?|ing|ers?|ed)?(?: \w+){0,4}? (?:too )?(?:high|low|hard|soft|up|down|tough|side"
            r"|easy|kindly)(?:er)?",
            r"consisten\w*(?! good| strong| well| bad| weak| short| fall)|inter-?rater|(?:side|soft side|hard side)",
            r"(?:grades?|marks?|scores?)(?: \w+){0,5}? (?:than|compared (?:to|with)|against) (?:the )?(?:evidence|record"
            r"|others?|rest|panel|everyone|transcripts?)",
            r"(?:grades?|marks?|scores?) (?:\w+ )?(?:compare|stack up|line up|differ)|soft touch|hawks?|doves?"
            r"|worth a [1-4]|fellow (?:panell?ists?|interviewers?|graders?)|(?:same|equal) (?:answer|performance)",
            r"(?:gives?|hands? out|dish(?:es)? out) (?:\w+ ){0,3}?(?:high|low|top|4s|1s|fours|ones)",
        ),
    ),
    (
        Measure.DRIFT,
        phrases(
            r"(?:aren't|isn't|are not|is not|not|never|outside|beyond|off|wasn't|weren't) (?:\w+ ){0,2}?(?:in|on|part of"
            r"|from|of)? ?(?:the |our )?(?:signed |agreed )?(?:contract|criteria)s?",
            r"never (?:put|wrote|written|had|signed|sign) (?:\w+ ){0,3}?(?:contract|paper|criteria)",
            r"goal ?posts?|wander\w*|stray\w*|off[- ]spec|off[- ]piste|scope creep",
            r"unwritten|drift\w*|creep\w*|made[- ]up|hidden (?:criteria|rules?|bar)|(?:own|extra|personal|private|new"
            r"|invented|added|additional) (?:\w+ )?(?:standards?|criteria|criterion|requirements?|rules?|bar)",
            r"(?:not|nothing to do with|un)[- ]?(?:\w+ )?job[- ]related|(?:remarks?|comments?|mentions?"
            r"|opinions?) (?:\w+ ){0,3}?(?:about|on) (?:\w+ ){0,4}?(?:age|family|accent|looks|background|personal|kids"
            r"|religion)",
            r"off[- ]contract|(?:bring|brings|bringing|brought|mention\w*|rais\w*"
            r"|writ\w*) (?:up )?(?:about )?(?:candidates'?|people's|their|somebody's|a person's) (?:\w+ )?(?:age|famil\w*"
            r"|kids|children|accents?|looks|religion|health|background|marital \w+|private \w+)",
            r"nobody agreed|never agreed|we didn't agree|not agreed",
        ),
    ),
    (
        Measure.UNSUPPORTED,
        phrases(
            r"(?:don't|doesn't|do not|does not|not|isn't|aren't|never|can't|cannot|didn't|wasn't"
            r"|weren't) (?:\w+ ){0,3}?(?:back(?:ed)?(?: up)?|support(?:ed)?|borne? out|bear out|stand up|hold up|true"
            r"|substantiat\w*|in the record|happen\w*)",
            r"(?:gets?|got|runs?|goes|going) (?:\w+ )?ahead of (?:the )?(?:evidence|record|transcripts?)|(?:w/o|without) (?:\w+ )?support",
            r"(?:dont|doesnt|don't|doesn't|didn't|cannot|can't|couldn't) (?:support|stand behind|prove|substantiate)"
            r"|(?:candidates?|they) never said",
            r"unsupported|unsubstantiated|unfounded|baseless|contradict\w*|(?:no|without|lack(?:s|ing)?"
            r"|zero) (?:\w+ )?(?:evidence|proof|basis)|nothing behind|from memory|memory alone|made up|invent\w*"
            r"|hand-?wav\w*|waffl\w+ feedback|wooll?y|fluff\w*|(?:nobody|no one|can't|couldn't"
            r"|could not) (?:could )?(?:point to|pin down|show|trace)|gut feel\w*|vague (?:feedback|claims?|comments?)",
        ),
    ),
    (
        Measure.SPLITS,
        phrases(
            r"(?:see|read|grade|score|judge|rate)\w*(?: \w+){0,4}? (?:differently|alike|the same way|eye to eye)",
            r"disagree\w*|logger ?heads|(?:fall|fell|fallen) out over|(?:fight|fought|squabbl|battl|bicker|quarrel"
            r"|row)\w* (?:over|about)|(?<!can )(?:panels?|readers"
            r"|interviewers|they|we)(?: \w+){0,3}? split|split (?:panels?"
            r"|decisions?|grades?|votes?|reads?)|splits(?! by)|split on|odd (?:one|man|woman) out|conflict(?:s"
            r"|ing)? (?:reads?|feedback|views|grades|opinions)|at odds|read(?:s)? apart|apart|clash\w*|diverg\w*"
            r"|differ on|don't agree|can't agree|outlier|see things differently|argu\w*|(?:can't|cannot"
            r"|don't) make up (?:their|our) minds?",
        ),
    ),
    (
        Measure.CLEAN_READS,
        phrases(
            r"(?:clean|clear|good|solid|reliable|usable|proper|straight|decent|strong|real) (?:\w+ )?(?:reads?|signals?"
            r"|answers?|pictures?|evidence|readings?)",
            r"undisputed|none the wiser|uncontested|signal quality",
            r"murk\w*|test(?:ed|ing)? (?:\w+ )?(?:properly|well|reliabl\w*|cleanly)|properly test\w*|guessing|(?:can"
            r"|do) we (?:really |honestly |actually )?(?:say|know|tell|assess|judge|measure)|honestly say"
            r"|(?:how )?(?:reliabl\w+|cleanly|properly) (?:do|are|did|is|can) (?:we |they )?(?:\w+ )?test\w*|(?:well"
            r"|badly|poorly|properly|thinly) covered|usable evidence|waffle|fuzzy|noisy|inconclusive|muddy|hard to read|signal",
        ),
    ),
    (
        Measure.MOMENTS,
        phrases(
            rf"(?:show|find|give|get|pull|list|dig out|fetch|need|want|looking for"
            rf"|love)\b(?: \w+){{0,10}}? (?:{_CANDIDATES}|examples?|quotes?|moments?|clips?|stories|interviews?|times?"
            rf"|instances?)(?! fall| lose| struggle| get)",
            rf"(?:which|what|any|who|has anyone|have any|did any|did anyone|anyone|anybody|who has|who's"
            rf"|who have) ?(?:of our |other )?(?:\w+ )?(?:{_CANDIDATES} )?(?:(?:have|has|had|who|that|ever|actually|really"
            rf"|also|else|here|could|couldn't|can|can't|ha) )*{_TALKED}",
            rf"(?:who's|whos|who has|who) (?:\w+ ){{0,2}}?{_TALKED}",
            r"(?:an? )?examples? of|in (?:their|his|her) own words|what (?:do|did|have) (?:candidates|people|they|nurses"
            r"|designers|engineers) (?:say|said|tell|told|mention|describe)",
        ),
    ),
    (
        Measure.PROBING,
        phrases(
            r"(?:never|not|don't|didn't|do not|rarely|forget\w*|fail|failed|skip\w*|miss\w*|neglect\w*|avoid\w*"
            r"|omit\w*) (?:\w+ ){0,3}?(?:ask\w*|prob\w*|test\w*|cover\w*|touch\w*|get to|got to|rais\w*)",
            r"never[- ]asked|(?:never|don't|not|rarely) (?:\w+ )?(?:get|got|gets|come|came) (?:round |around )?to"
            r"|leav(?:e|es|ing) (?:it|them|that|this|\w+) out|left out|(?:get|gets|got|getting) dropped",
            r"(?:cover|test|prob|ask|touch|rais)(?:e|es|ed|s|ing)? (?:on |about )?(?:the )?(?:[mtd][123]|must[- ]haves?"
            r"|trade[- ]offs?|deal[- ]?breakers?)",
            r"wriggl\w* out|squeez\w* out|untouched|ran? out of time|crowd\w* out|swerv\w*|sidestep\w*",
            r"skip\w*|dodg\w*|duck\w*|off the point|(?:not|un)[- ]?answered|go(?:es)? unanswered|untested|prob(?:e|ed|es"
            r"|ing)|(?:ask|asks|asked|asking|test|tests|tested|testing|cover|covers|covered) (?:about|for|on|the|it|them"
            r"|that)|put the question|(?:get|got|gets) asked|(?:questions?|topics?) (?:\w+ )?(?:asked|covered|put)"
            r"|coverage|(?:how often|how frequently)\b.*\b(?:ask|asked|test|tested|cover|covered|come up)",
        ),
    ),
    (
        Measure.LOSSES,
        phrases(
            r"(?:come|comes|came|coming) (?:up )?short|(?:do|does|did) (?:\w+ ){0,2}?(?:poorly|badly)|how (?:poorly|badly)",
            r"leak\w*|s[iau]nk(?:s|ing)?|knock(?:s|ed|ing)? (?:\w+ )?out|flunk\w*|trips? up|com(?:e|es"
            r"|ing) (?:a )?cropper|undo(?:es|ne|ing)?\b",
            r"los[et]s?\b|losing|fall(?:s|ing)? (?:short|down|flat|over|apart)|fell (?:short|down|flat|over)|trip\w*"
            r"|struggl\w*|weak\w*|fail\w*|stumbl\w*|shortcoming\w*|downfall|gaps?|let (?:\w+ )?down|low (?:grades|marks"
            r"|scores)|(?:grades?|gets?|got|given|a) (?:of )?(?:a )?(?:1|one)(?: or (?:a )?(?:2|two))?|below (?:the )?bar"
            r"|(?:don't|doesn't|not|never|didn't) (?:\w+ )?(?:meet|make|clear|reach|pass|get past)|worst|bad at"
            r"|not good at|poor\w*|reject\w*|turn(?:ed)? down|come unstuck|bomb\w*|drop(?:s|ped)? (?:off|out)"
            r"|screen(?:ed)? out|(?:biggest|common(?:est)?|main|top) (?:\w+ )?(?:reasons?|problems?|issues?)"
            r"|go(?:es)? wrong|miss the mark|stall\w*|lack\w*|suffer\w*",
        ),
    ),
    (
        Measure.STRENGTHS,
        phrases(
            r"(?:do|does|did|doing) (?:\w+ )?best|(?:come|comes|came) (?:across|over|out) (?:better|best|well)"
            r"|bright spots?|high points?|star turns?|forte|breez\w*|sail(?:s|ed)? through",
            r"good at|strengths?|strong\w*|shin(?:e|es|ing)|shone|excel\w*|do(?:es|ing)? (?:\w+ )?well|did (?:\w+ )?well"
            r"|high (?:grades|marks|scores)|best at|better at|impress\w*|stand out|stood out|nail\w*|ace[sd]?"
            r"|reliably (?:good|strong)",
        ),
    ),
    (
        Measure.GRADES,
        phrases(
            r"(?:bottom|top|end) of the scale|marked at|graded at|how many [1-4]s\b",
            r"median|average\w*|(?<!i )(?<!you )(?<!they )(?<!we )mean(?! that| by)|spread|distribution"
            r"|grades?|graded|scores?|marks|ratings?|histogram|middle",
        ),
    ),
    (
        Measure.COUNTS,
        phrases(r"(?:interview|work)[- ]?load|how many|number of|no\.? of|count|total|tally|how much interviewing|volume"),
    ),
)
"""The first that is found is meant, but for counting words, which also stand before what is counted."""

_BY = r"(?:by|per|for each|for every|each|every|across|between|among|which|what|in each|split by|broken down by|split out by|and)"
GROUPS: Final = (
    (
        Grouping.ROLE_FAMILY,
        phrases(
            rf"{_BY} (?:\w+ ){{0,2}}?(?:role[- ]famil(?:y|ies)|famil(?:y|ies)|departments?|functions?|disciplines?"
            rf"|job famil(?:y|ies)|areas?|kinds? of roles?|types? of roles?|roles?)",
            r"role famil(?:y|ies) (?:\w+ )?(?:struggle|do|get|are|have|lose)|(?:some|different) role families"
            r"|^\W*role families|role families (?:w/|with|that|where|whose)|famil(?:y|ies) by famil(?:y|ies)",
        ),
    ),
    (
        Grouping.INTERVIEWER,
        phrases(
            rf"{_BY} (?:\w+ ){{0,2}}?(?:interviewers?|readers?|graders?|panell?ists?|assessors?|raters?|markers?)",
            r"whose|(?:our|the) (?:\w+ )?(?:interviewers|graders|panell?ists|markers|raters|scorers)|who (?:writes?|uses?"
            r"|skips?|forgets?|asks?|never|is|are|'s|grades?|marks?|gives?|keeps?|brings?|judges?|tends?|scores?|hands?"
            r"|makes?)|who's",
        ),
    ),
    (
        Grouping.SEARCH,
        phrases(
            r"(?:by|per|for each|each|every|which|what) (?:\w+ ){0,3}?(?:search(?:es)?|reqs?|requisitions?|openings?"
            r"|vacanc(?:y|ies))(?! for)|search by search|req by req",
        ),
    ),
    (
        Grouping.LINE,
        phrases(
            r"(?:must[- ]?haves?|trade[- ]?offs?|deal[- ]?breakers?)(?: \w+){0,4}? (?:or|vs\.?|versus|and|than"
            r"|compared (?:to|with)|against) (?:\w+ ){0,3}?(?:must[- ]?haves?|trade[- ]?offs?|deal[- ]?breakers?)",
            rf"{_BY} (?:line|kind of (?:line|criterion)|type of criterion)",
        ),
    ),
    (
        Grouping.COMPETENCY,
        phrases(
            rf"{_BY} (?:\w+ ){{0,3}}?(?:compet[ea]nc(?:y|ies)|criteri(?:on|a)|skills?|must[- ]?haves?|trade[- ]?offs?|topics?|lines)",
        ),
    ),
)
LINES: Final = {
    "M": phrases(r"must[- ]?haves?|m[- ]?(?:criteria|lines?)|m[123]|essentials?"),
    "T": phrases(r"trade[- ]?offs?|t[- ]?(?:criteria|lines?)|t[12]"),
    "D": phrases(r"deal[- ]?breakers?|d[- ]?(?:criteria|lines?)|d1|dealbreakers?"),
}
FRAME: Final = phrases(
    r"(?:show|find|give|get|pull|list|fetch|tell)(?: (?:me|us))?|i(?:'d| would)? (?:love|like|need|want)|i'm|please|thank you"
    r"|thanks|if at all possible|a couple of|good|great",
    r"(?:\d+|two|three|four|five|six|ten|some|any|all|different|a few|few|several|more)|(?:of )?our|the|ones?",
    rf"(?:which|what|any|who|has|have|had|did|anyone|who's|how many|in which)|{_CANDIDATES}|examples?|quotes?|moments?"
    rf"|clips?|stories|interviews?|instances?|times?|transcripts?",
    r"(?:where|when|that|who|ever|actually|really|about|of|a|an|to|us|in|for|from|on|here|company)",
    r"(?:mention(?:ed|s|ing)?|describ(?:e|ed|es|ing)|talk(?:ed|s|ing)?|t[oe]lls?|telling|told|sa(?:id|y|ys|ying)|spoke"
    r"|speak(?:s|ing)?|explain(?:ed|s|ing)?|discuss(?:ed|es|ing)?|bring(?:s|ing)? up|brought up|done|did|using|interviewed)",
    r"all possible|preparing|training session|new hiring managers",
)
"""What a question for moments says besides what it is about."""
