"""Words that a judgement can be made of without saying what was seen: function words, and general nouns, verbs and adjectives."""

_WORDS = """
a about above absolutely actually after again all almost alright also always am amazing an and any are aren't around as at
attitude average bad basically be because been before being below best better bit both bright brilliant but by call came can
can't candidate candidate's certainly character charming chat class clever click clicked come completely confidence
confident connect connected conversation convinced could couldn't d decent definitely describe did didn't do does doesn't
doing don't down each easy energy enough even ever every excellent excited explain fail feel feeling feels felt few find
fine finger first fit for frankly friendly from further gel gelled generally get glad go going good got grade great guess
gut guy had hadn't happy hard has hasn't have haven't having he he'd he'll he's her here hers herself him himself hire his
hm hmm honestly hour how hunch i i'd i'll i'm i've idea if impressed impression impressive in interesting interview into is
isn't it it'd it's its itself junior just keen kind know lady less let level like likeable liked likes little ll lot lots
love loved lovely m made make man many maybe me mean meeting might mind mine minutes mixed moment more most much my myself
name nay near need nice no nor not now number of off oh ok okay on once one only or other our ours ourselves out over
overall own pass people perfect perhaps person personality pin place pleasant please plus polite poor presence probably put
quality question quick quite rather rating re read reading really s sad same say saying says score second see seem seemed
seems senior seniority sense sharp she she'd she'll she's should shouldn't side simply sleep slept slightly smart so solid
some somehow something somewhat somewhere sorry sort spark still strength strong strongly stuff such sure t take talk talks
tell than thank thanks that that'd that's the their theirs them themselves then there there's these they they'd they'll
they're they've thing things think third this those though thought through time tired to today too totally um under unhappy
unsure until up us ve very vibe want warm was wasn't way we we'd we'll we're we've weak weakness well went were weren't what
what's when where which while who whole whom why will with woman won't wonder worse worst would wouldn't wow yay yeah yep
yes yet you you'd you'll you're you've your yours
"""
EMPTY = frozenset(_WORDS.split())
