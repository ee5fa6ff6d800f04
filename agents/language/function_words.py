"""Words that name nothing: articles, pronouns, auxiliaries, and the words that only keep a conversation going."""

_WORDS = """
a about actually after again all also always am an and any are as at be because been before but by can could did do does don't done for
from get go got had has have he her here him his how i i'd i'll i'm i've if in into is isn't it it's its just know like make me mean
more must my no not now number of off okay on one or our out over really said say see she should so some somebody someone something
still that that's the their them then there there's these they they'd they're they've thing things think this those though three to too
two um up us very want was we we'd we'll we're we've well were what what's when where which who why will with would yes you you'd
you'll you're you've your
"""
FUNCTION = frozenset(_WORDS.split())
