"""How people in a debrief ask: the forms of words by which a question shows what it asks for.

They are read over a text in which every reader's name stands as `zreader` and the candidate's as `zcandidate` (see `cast.py`), so that a
form can tell who is asked about without knowing anybody.
"""

from typing import Final

from agents.language.phrases import phrases

_WE = r"(?:we|you|i|they|us|the panel|the team|anyone|somebody)"
_SHE = r"(?:he|she|they|this (?:one|person|candidate)|the candidate|zcandidate)"
_HER = r"(?:him|her|them|this (?:one|person|candidate)|the candidate|zcandidate)"
_ANYBODY = (
    r"(?:anyone|anybody|someone|somebody|who|we|they|the panel|the team|one of (?:us|them)|any of (?:us|them)|nobody|no ?one|you guys"
    r"|zreader|the (?:other )?interviewers?|everyone|everybody|(?:any|some|one) of the others|(?:the )?others|i)"
)
_TESTED = (
    r"(?:test|prob(?:e|ing)|ask|check|explor|quizz?|dig|dug|press|push|drill|challeng|follow|touch|cover|rais|brought|bring|address"
    r"|go into|gone into|went into|get into|got into|look)\w*"
)
_NUMBER = r"(?:#|no\.? ?|number )?(?:[1-3]|one|two|three)"
_LINE = rf"(?:[mtd][1-3]|(?:the )?(?:deal[- ]?breaker|must[- ]haves?|trade[- ]offs?)(?: {_NUMBER}(?!\w))?)"

PEOPLE_DECIDE: Final = phrases(
    rf"(?:should|shall|do|would|could|can|are|will|must|did) {_WE} (?:\w+ ){{0,3}}?(?:hire|hiring|take {_HER}|reject|pass on|turn down"
    r"|offer|advance|progress|shortlist|go with|move (?:\w+ )?(?:forward|on|ahead)|go ahead|bring (?:\w+ )?(?:back|on|in)|say (?:yes|no))",
    r"(?:mark|tick|grade|score|rate) (?:every|all|each)(?: \w+){0,3}? (?:as )?(?:met|passed|done|full marks|fours?|4s?)",
    r"(?:would|should|could) (?:you|plumbline|the referee|it) (?:\w+ )?(?:hire|recommend|choose|pick|vote|decide|reject|take)",
    r"(?:hire|no[- ]hire|yes|thumbs up) or (?:no|not|no[- ]hire|reject|pass|thumbs down)",
    r"(?:your|a|the|one|any|an|its|plumbline's) (?:\w+ )?(?:recommendation|verdict|gut(?: feeling)?|overall (?:score|rating|grade)"
    r"|total(?: score)?|final (?:score|answer|call|grade))",
    r"(?:yes or no|bottom line|strong (?:hire|yes|no)|no[- ]hire|make the call|decide for us)",
    rf"(?:is|was|are) {_SHE} (?:\w+ ){{0,3}}?(?:good enough|a good (?:hire|fit|choice)|the right (?:person|choice|one)|worth (?:hiring|it)"
    r"|a (?:strong )?hire|a keeper|better than|hireable|up to (?:it|the job)|qualified|any good)",
    r"(?:just |simply )?(?:give|tell|show) (?:me|us) (?:a|one|the|your) (?:\w+ ){0,2}?(?:score|number|answer|verdict|rating|decision"
    r"|percentage)",
    r"(?<!zreader )(?<!everyone )(?<!everybody )(?<!panel )(?<!\bthey )(?<!\bi )(?<!\bwho )(?<!\ball )"
    rf"(?:score|rate|rank|mark|grade) {_HER}",
    r"(?:what would you do|what do you think|do you think|in your opinion|your (?:view|opinion|take|call|vote))",
    r"(?:good|bad|strong|weak|great|poor|best) (?:candidate|hire|fit)\W*$|thumbs (?:up|down)",
    rf"(?:a (?:clear |hard )?(?:pass|fail)|passe[sd]|failed|fails) on {_LINE}|(?:knock|rule|count|kick)(?:s|ed)? {_HER} out"
    rf"|{_SHE}(?:'s| is) a [1-4]\b"
    r"|just tell (?:me|us)",
    rf"(?:would|will|is|could) {_SHE} (?:going to )?(?:\w+ ){{0,3}}?(?:succeed|fail|stay|leave|cope|manage|be good|work out|last|fit)",
)
"""Somebody wants a verdict on the candidate, or a forecast."""

OVERRIDE: Final = phrases(
    r"(?:ignore|forget|drop|skip|bypass|disregard|override) (?:\w+ ){0,3}?(?:rules?|instructions?|guidelines?|polic(?:y|ies)"
    r"|restrictions?|citations?)",
    r"(?:no|without) (?:\w+ )?(?:citations?|caveats?|hedging)",
    r"(?:pretend|act as if|you are now|role-?play|off the record|between (?:us|you and me))",
)
"""Somebody wants the room's rules set aside."""

ORDER: Final = phrases(
    r"(?:before or (?:\w+ )?after|after or (?:\w+ )?before|(?:earlier|sooner|later) or (?:later|earlier))",
    r"which (?:\w+ ){0,2}?(?:came|was|happened|of (?:those|these|the two)\b.*?) (?:first|earlier|later|last)",
    r"what (?:came|was said) first",
    rf"(?:was|is|did|does|were|had) (?:that|this|it|those|{_SHE}|zreader)\b[^?]*?\b(?:before|after|earlier than|later than)",
    r"(?:come|came|said?|mention(?:ed)?|happen(?:ed)?) (?:\w+ ){0,3}?(?:before|after)",
    r"^\W*(?:and |so |but )?(?:that|this|it) (?:was|came|is) (?:\w+ )?(?:before|after)",
)
"""Somebody asks which of two things came first."""

SPEAKER: Final = phrases(
    r"who (?:actually |really |exactly )?(?:said|says|was (?:that|talking|speaking|saying)|spoke|uttered|told|brought (?:it|that|this) up"
    r" first)",
    r"(?:who|which of (?:us|them|the two|you)) (?:\w+ )?(?:said|called|told|answered|replied|objected|suggested|described"
    r"|used the word|put it)\b",
    r"whose (?:words|quote|voice|line)",
    r"who(?:'s| is| was) (?:the )?[\"“']?(?:speaker|spk|label)[ _]?\d*",
    rf"(?:is|was|are) (?:that|this|it|those) (?:actually |really )?(?:{_HER}|the interviewer|zreader|a (?:direct )?quote"
    r"|(?:his|her|their) (?:own )?words?|word for word|verbatim)",
    r"(?:in (?:his|her|their)(?: own)? words|word for word|verbatim|exact (?:words|quote|wording))\W*$",
    r"(?<!what )(?<!else )(?<!exactly )(?:did|are|were) (?:he|she|they|you|we)(?: really| actually| literally)? "
    r"(?:say|sure it was|certain it was)(?: (?:that|it|so|this))?"
    r"\W*$",
    r"how (?:sure|certain) (?:are|is) (?:\w+ ){1,3}(?:said|who|that it)",
)
"""Somebody asks whose words were shown, or for the words themselves."""

SAID: Final = phrases(
    rf"what (?:exactly |precisely |else )?(?:did|does|has|had) {_SHE} (?:\w+ )?(?:say|tell|mention|answer|describe|do|explain|talk)\w*",
    rf"(?:did|does|has|had) {_SHE} (?:\w+ ){{0,2}}?(?:say|mention|tell|describe|talk|bring up|admit|explain)\w*",
)
"""Somebody asks what the candidate said or did."""

DURATION: Final = phrases(
    r"how (?:long|much time|many minutes)",
    r"(?:at|in) (?:what|which) (?:minute|point|time)",
    r"when (?:exactly |in the interview )?(?:did|was|does|is)\b",
    r"where in the (?:interview|transcript|recording|call)",
    r"what (?:minute|time ?stamp|time)",
)
"""Somebody asks when in an interview, or for how long."""

CRITERION: Final = phrases(
    rf"what(?:'s| is| was| does| do| did| are)?(?: \w+){{0,2}}? {_LINE}(?: \w+){{0,2}}? (?:say|says|mean|means|about|again|stand for|read"
    r"|reads|ask for|require|cover|supposed to be|stands for|was|want)\W*(?:again|exactly|even|anyway)?"
    r"(?: word for word| verbatim| precisely)?\W*$",
    rf"what(?:'s|s| is| was| are| exactly is)(?: \w+){{0,2}}? {_LINE}\W*(?:again|exactly|even|anyway|actually)?"
    r"(?: word for word| verbatim| precisely)?\W*$",
    rf"(?:remind|read|show|give|tell) (?:me|us|out) (?:(?!who|how|why|whether|if)\w+ ){{0,4}}?(?:wording|text|contract"
    rf"|definition|criteria|criterion|{_LINE})(?: (?:is|was|says?|means?|again|to (?:me|us)|please))*"
    r"(?:\W+(?:if you (?:would|could|can|will)|would you|will you|for me))?\W*$",
    rf"(?:wording|definition|text|meaning) of (?:{_LINE}|the contract|criterion)",
    r"(?:what(?:'s| is| was| does| are)?|list) (?:\w+ )?(?:the )?(?:criteria|contract|must[- ]haves and)"
    r"(?: (?:say|again|we agreed(?: on)?))?"
    r"\W*$",
    r"(?:is|was|are|were)\b.*\b(?:one of|among|part of|in) (?:the|our) (?:\w+ )?(?:criteria|contract|must[- ]haves|lines)",
    rf"how (?:is|was|do we define|did we define|do we word) {_LINE}(?! (?:\w+ ){{0,2}}?(?:{_TESTED}|graded|scored|rated|marked|read|seen))",
    rf"(?:do|does|did) (?:we|i|they|it) (?:\w+ ){{0,3}}?(?:need|require|want|ask for|insist on)\b.*\b(?:for|in|under) {_LINE}",
    rf"(?:do|does|did) {_LINE} (?:\w+ ){{0,2}}?(?:need|require|want|ask for|insist on|include|mention|say|cover|mean)",
)
"""Somebody asks what a line of the contract says."""

CONFLICT: Final = phrases(
    r"(?:dis)?agree\w*|apart(?! from)|differ(?:s|ed|ing)?|(?:see|saw|read|grade|graded|score|scored|rate|rated)\b[^?]*\bdifferent(?:ly)?"
    r"|splits?|at odds|conflict\w*|clash\w*|contradict\w*|diverg\w*|opposite"
    r"|mismatch\w*|not line up|don't match|didn't match|doesn't match|such a gap|so far off",
    r"(?:which|who)(?:ever)?(?: one| side| reading| reader| of (?:them|the two|these|those|us|these two|those two))?(?:'s| is| was| are"
    r"| has| had)? (?:actually |really |the )?(?:right|wrong|correct|mistaken|closer|stronger (?:case|evidence))",
    r"(?:which|whose) (?:side|reading|view|version|take)",
    r"(?:with|on the side of|closest to|closer to) the (?:record|transcripts?)",
    r"which of us(?! (?:\w+ )?(?:said|called|told|answered|replied|suggested|asked))|(?:him|her|me|zreader) or (?:me|him|her|zreader)",
    r"what(?:'s| is) behind (?:that|this|it|the (?:gap|difference|split))",
    r"(?:why|how come|where)\b.*\b(?:zreader|i|me|my)\b.*\b(?:zreader(?:'s)?|i|me|my)\b",
    r"(?:record|transcripts?|evidence) (?:actually |really )?(?:supports?|backs?|favou?rs?|sides?|bears?)",
    r"(?:supported|backed|borne) (?:out )?(?:by|in) the (?:record|transcripts?|evidence)",
)
"""Somebody asks why two read a criterion apart, or whom the record supports."""

TOPIC: Final = phrases(
    r"(?:(?:ask\w*|sa(?:y|ys|id)|talk\w*|sp(?:eak|oke)\w*) about|mention\w*|nam(?:es?|ed|ing)|describ\w*|examples? of|recall\w*)"
    r" (?:(?!the |this |that |these |those |their |our )[\w-]+ ){0,3}?(?:(?:dis)?agree|conflict|clash|differ|split)\w*(?! between)",
)
"""A conflict or a disagreement that somebody was asked about or told of: the candidate's own, and none of the panel's."""

GRADES: Final = phrases(
    r"(?:grad|scor|rat)(?:e|es|ed|ing|ings)|scorecards?|marks? (?:for|on|given)|marked|marks",
    rf"(?:gave|give|gives|given|got|get|gets|handed)(?: \w+){{0,5}}? (?:on|for|in) {_LINE}",
    r"(?:who|how (?:many|high|low)|what) (?:\w+ ){0,4}?(?:gave|give|gives|handed out) (?:him|her|them|zcandidate|the candidate|on|for|it)",
    r"(?:got|have|has|put) (?:(?:him|her|them|it|zcandidate) )?down (?:on|for|as|at)"
    r"|(?:what|how) (?:did|have|has) (?:\w+ ){1,3}put (?:on|for|in)",
    r"what (?:did|has|have) zreader (?:give|given|put|grade|graded|score)\W*$",
    r"(?:gave|give|given|got|put|did|has|as|on|at) (?:\w+ ){0,3}?(?:a |an |the |only a )?"
    r"[1-4](?=\W|$)(?! (?:years?|weeks?|months?|days?|people))",
    r"who (?:gave|has|had|put|got|said) what",
    rf"(?:put|puts|has|have) (?:\w+ )?(?:on|for|in) {_LINE}",
    r"out of (?:4|four)|(?:lowest|highest|harshest|toughest|most generous)(?: \w+)?",
    r"how did (?:everyone|they|people|the panel|we all|zreader) (?:grade|rate|score|mark)",
)
"""Somebody asks for grades."""

MISSING: Final = phrases(
    r"(?:what|which|anything|any|is there|are there|where)\b.*\b(?:missing|gaps?|untested|unanswered|uncovered|blind ?spots?|left (?:open"
    r"|out)|never (?:asked|tested|covered|probed|came up)|not (?:been )?(?:asked|tested|covered|probed|checked))",
    r"(?:what|which)\b.*\b(?:didn't|did not|haven't|have not|hasn't|forgot to|failed to|nobody|no ?one|still need to|still have to)"
    rf" (?:\w+ ){{0,2}}?{_TESTED}",
    r"what (?:should|could|can|else|do|would) (?:we|i|you|zreader|someone|they) (?:\w+ )*ask\w*",
    r"(?:what|which) (?:question|follow-?up)s? (?:should|would|could|to)",
    r"what (?:don't|do not) we (?:yet )?know",
)
"""Somebody asks what the panel did not test."""

PROBING: Final = phrases(
    rf"(?:did|has|have|was|were|had|does|do) {_ANYBODY}(?: \w+){{0,3}}? {_TESTED}",
    rf"(?:did|has|does|had) (?:he|she|they)(?: \w+)? ask (?:{_HER}|(?:on|about) (?:that|it|this))",
    rf"(?:who|which (?:of (?:us|them)|interviewer)|who else|anyone else|{_ANYBODY})(?: (?:else|actually|ever|even|also|really|has|had|did"
    rf"|have|properly|\w+ly))* {_TESTED}",
    r"(?:was|were|is|has|have|did|how was|how were|how did)\b.*\b(?:tested|probed|asked|covered|checked|explored"
    r"|come up(?! with)|came up(?! with)"
    r"|brought up|raised|touched on|followed up|addressed|go untested)",
    r"(?:how (?:well|often|deeply|hard|many times))\b.*\b(?:tested|probed|asked|covered|checked|explored|pushed|pressed|push|press|test"
    r"|probe|ask)",
    r"(?:the|what|which) (?:exact )?questions? (?:was|were|did)",
)
"""Somebody asks whether and how something was tested."""

CLAIMS: Final = phrases(
    r"(?:zreader|i|they|anyone|anybody|he|she) (?:\w+ ){0,2}?(?:wrote|write|writes|has written|had written)"
    r"|(?:did|has|does) (?:zreader|they|he|she) (?:\w+ )?write",
    r"zreader (?:\w+ )?(?:puts?|reckons?|thinks?|notes?|noted|claims?|claimed|says?|said|maintains?) "
    r"(?:that|it|its|it's|he|she|they|zcandidate)",
    r"^\W*(?:\w+\W+)?i (?:put|wrote|noted)",
    r"true or (?:not|false)|fair or (?:not|unfair)",
    r"(?:write-?up|feedback|(?:my|his|her|their|zreader's|zreader) (?:notes?|comments?|remarks?)|commented"
    r"|claim(?:s|ed)?|impressions?|concerns?|worr(?:y|ies|ied)|objections?|complain\w*|basing|based on"
    r"|base (?:that|it|this|his|her|their))",
    r"(?:get|got|gets|getting) (?:that|this|it|his|her|their|the)\b.*\bfrom",
    r"(?:backs? (?:that|this|it) up|back(?:ed|ing)?(?: (?:that|this|it))? up|borne? out|holds? up|stands? up|evidence for|proof of"
    r"|(?:is|was) (?:that|this|it) (?:true|fair|right|correct|accurate|justified))",
    r"(?:why|how come) (?:did|does|do|has|is|was|were) (?:zreader|they|he|she)\b.*",
    r"what (?:does|did|do) zreader(?:'s)? (?:\w+ )?(?:think|make of|like|dislike|hold against|say about|object|mean)",
)
"""Somebody asks what an interviewer wrote, and whether the record bears it out."""

FINDINGS: Final = {
    "drift": phrases(
        r"(?:never|nobody|not|didn't|hadn't|hasn't|haven't) (?:\w+ ){0,3}?agreed? (?:on |to )?(?:at|in|on|that|it|to|by)\b",
        r"(?:does|did|do) (?:the|our) contract (?:\w+ )?(?:ask|call|provide|want|require|mention)",
        r"drift\w*|outside (?:of )?the contract|not in the contract|off[- ]contract|smuggl\w*",
        r"(?:own|extra|other|different|made[- ]up|new|personal) (?:standards?|criteria|criterion|requirements?|bar)",
    ),
    "over_indexing": phrases(
        r"over-?index\w*|over-?weight\w*|(?:hang|hung|hing|lean|fixat|obsess)\w*(?: \w+){0,4}? on|too much (?:weight|on)",
        r"(?:just|only) (?:one|a single) (?:thing|criterion|trait)",
    ),
    "unsupported": phrases(
        r"unsupported|unbacked|no evidence|not (?:borne out|backed|supported)|baseless|unfounded|memory alone",
    ),
    "injections": phrases(
        r"(?:instructions?|orders?|words?|messages?|something|anything|remarks?) (?:\w+ ){0,2}?(?:for|to|at) (?:an? |the |any )?(?:\w+ )?"
        r"(?:ai|bot|machine|robot|computer|note-?taker|system|software)",
        r"(?:spoke|speaks?|spoken|talked|written|wrote|aimed|directed|meant|addressed) (?:directly )?(?:to|at"
        r"|for) (?:an? |the |any )?(?:\S+ )?"
        r"(?:ai|bot|machine|robot|computer|note-?taker|recorder|system|software)",
        r"inject\w*|prompt injection|(?:trick|manipulat|game|fool|talk|address|instruct|speak)\w* (?:to )?(?:\w+ ){0,2}?(?:ai|bot|machine"
        r"|note-?taker|system|software)",
    ),
}
"""Somebody asks for one kind of finding."""

OVERVIEW: Final = phrases(
    r"summar\w*|overview|(?:main|key) (?:points?|issues?|things?|findings?)|where do we stand|biggest (?:\w+ )?(?:issue|thing|question)s?"
    r"|headlines?|recap|findings|tl;?dr|in short|agenda",
    r"what (?:should|do|must|shall) we (?:talk|discuss|debate|focus|start|look at)\w*",
)
"""Somebody asks for the packet in brief."""

ELSEWHERE: Final = phrases(
    r"(?:other|another|previous|earlier|rest of the|all the|different) (?:\w+ )?(?:candidates?|applicants?|finalists?)",
    r"compares? (?:\w+ )?(?:with|to)|(?:guy|woman|man|person|one|girl|lady|bloke|chap) (?:\w+ ){0,4}?(?:we|i|they) "
    r"(?:saw|met|interviewed|spoke to|had)"
    r"|the one (?:last|from last|two) (?:week|month|year|weeks|months)",
    r"(?:compared?|comparison|versus|better than|worse than|stack up) (?:\w+ ){0,3}?(?:candidates?|applicants?|others|the rest|everyone)",
    r"(?:other|another|different) (?:compan(?:y|ies)|clients?|organi[sz]ations?|customers?|tenants?|search(?:es)?)",
    r"other (?:\w+ ){0,3}?(?:on|using|with|in) (?:this|the|your) (?:tool|platform|system|service|product)",
    r"(?:linkedin|facebook|instagram|social media|background check|criminal record|reference checks?)",
)
"""Somebody asks about what lies outside this candidate's interviews."""

_LIFE = (
    r"(?:kids?|little ones?|toddlers?|newborn|bab(?:y|ies)|children|pregnan\w*|married|wife|husband|boyfriend|girlfriend"
    r"|divorced|childcare|disab\w*|religio\w*|church|mosque"
    r"|synagogue|muslim|christian|jewish"
    r"|hindu|gay|lesbian|transgender|nationality|citizenship|ethnicity|illness|mental health|health (?:issues|problems)"
    r"|medical (?:condition|history)|family(?: life| situation| plans)?|sexuality|politics|union member|accent|foreign"
    r"|from abroad|overweight"
    r"|good[- ]looking|attractive|pretty|handsome|single|a (?:mother|mum|mom|father|dad|parent)|planning (?:a )?(?:family|kids))"
)

ABOUT_A_LIFE: Final = phrases(
    rf"(?:does|do|has|have|did|is|are|was|were) {_SHE} (?:\w+ ){{0,4}}?{_LIFE}",
    rf"(?:his|her|their|zcandidate's|the candidate's) (?:\w+ )?(?:age|{_LIFE})",
    r"(?:his|her|their|zcandidate's) (?:dad|mum|mom|mother|father|parents?|brother|sister|son|daughter|baby) "
    r"(?:is|was|has|had|still|ill|sick|poorly)",
    r"(?:which|what) (?:church|mosque|synagogue|temple|religion|faith|party)|cultur(?:e|al) fit|fit in with",
    rf"how old (?:is|was|are) {_SHE}|{_SHE} (?:is |was )?(?:too (?:old|young)|\d\d years old)|date of birth|(?:his|her|their) birthday",
    rf"is {_SHE} (?:\w+(?:ian|ese)|british|english|irish|scottish|welsh|polish|german|french|spanish|turkish|dutch|greek|arab|black"
    rf"|white|asian)\b(?! speak)",
    rf"native (?:english )?speaker|where (?:is|are|was|were) {_SHE} (?:really |originally )?(?:from|born)",
    rf"what (?:does|did|do) {_SHE} (?:look like|wear)",
)
"""Somebody asks about the person's life, which is no criterion, whatever the transcript holds of it."""
