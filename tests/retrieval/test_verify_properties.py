"""Properties of verification over generated transcripts, checked against an oracle that shares no code with it.

The oracle knows each word by how it was generated: a word is a list of spellings that mean the same, and no two words share one.
"""

from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alignment.citation import Citation, Quote
from alignment.errors import Elsewhere, Unverified
from alignment.record import InterviewId, OrganisationId, PersonId, TranscriptId
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from retrieval.verify import check_citation, reverify, verify
from retrieval.words import keys, words

WORDS: tuple[tuple[str, ...], ...] = (
    *((w,) for w in ("we", "led", "the", "team", "no", "know", "not", "now", "never", "can", "cannot", "were", "its", "well", "do", "did")),
    *((w,) for w in ("5", "15", "51", "10-15", "3.5", "35", "-5", "5%", "$5", "€5", "10²", "102", "22:10", "five", "1000000", "½")),
    *((w,) for w in ("resign", "unhappy", "happy", "technical", "c++", "c#", "c", "r&d", "résumé", "resume", "maßen", "massen", "у", "y")),
    ("don't", "do n't", "don 't", "don’t", "Don ’t"),
    ("can't", "ca n't", "can‘t", "can ' t"),
    ("we're", "we 're", "we’re"),
    ("it's", "it 's", "it’s", "It ' s"),
    ("1,000", "1000"),
    ("7%", "7 %", "７%"),
    ("$9", "$ 9"),
    ("cross-functional", "cross functional", "cross‑functional", "Cross–functional"),
    ("re-sign", "re sign"),
    ("non-technical", "non technical"),
    ("fine", "ﬁne", "fi\u00adne", "f\u200bine"),
    ("café", "cafe\u0301", "CAFÉ"),
)
NEGATIONS = tuple(i for i, w in enumerate(WORDS) if w[0] in ("no", "not", "never", "cannot", "don't", "can't"))
BETWEEN = (" ", ", ", " – ", "... ", " “", "” ", "! ", " — ", "; ", "\u00a0", "\n", " (", ") ", " , ", " '", "' ", "? ")
PLAIN_BETWEEN = tuple(b for b in BETWEEN if "'" not in b)
PEOPLE = (
    Speaker(label="SPEAKER_00", person=PersonId("p-0"), name="Tomás", certainty=Certainty.GIVEN),
    Speaker(label="Priya", person=PersonId("p-1"), name="Priya", certainty=Certainty.NAMED),
    Speaker(label="SPEAKER_02"),
)


class Said(NamedTuple):
    who: int
    words: tuple[int, ...]
    text: str


some_words = st.lists(st.integers(0, len(WORDS) - 1), min_size=1, max_size=8).map(tuple)


@st.composite
def texts(draw: st.DrawFn, of: tuple[int, ...]) -> str:
    pieces = [draw(st.sampled_from(("", "“", "- ", "...")))]
    for i, after in zip(of, (*of[1:], -1), strict=True):
        spelling = draw(st.sampled_from(WORDS[i]))
        pieces.append(draw(st.sampled_from((spelling, spelling.upper() if "ß" not in spelling else spelling, spelling.capitalize()))))
        # A quotation mark that touches a split contraction, or "re", is read as its apostrophe: nobody could tell them apart.
        touching = any(c in spelling for c in "'’‘") or (after >= 0 and WORDS[after][0].startswith("re-"))
        pieces.append(draw(st.sampled_from(PLAIN_BETWEEN if touching else BETWEEN)))
    return "".join(pieces).strip(" \n\u00a0'")


@st.composite
def conversations(draw: st.DrawFn) -> list[Said]:
    turns = draw(st.lists(st.tuples(st.integers(0, 2), some_words), min_size=1, max_size=8))
    return [Said(who, of, draw(texts(of))) for who, of in turns]


def record(said: list[Said], timed: bool = True) -> Transcript:
    return Transcript(
        id=TranscriptId("t"),
        organisation=OrganisationId("o"),
        interview=InterviewId("i"),
        source_format="json",
        source_digest="0",
        speakers=PEOPLE,
        utterances=tuple(
            Utterance(
                index=i,
                speaker=PEOPLE[s.who].label,
                text=s.text,
                start_s=30.0 * i if timed else None,
                end_s=30.0 * i + 20.0 if timed else None,
            )
            for i, s in enumerate(said)
        ),
    )


def flat(of: tuple[int, ...]) -> tuple[str, ...]:
    # A compound is two words to the oracle, as "cross-functional" may be written without its hyphen.
    return tuple(part for i in of for part in WORDS[i][0].replace("cross-", "cross ").replace("re-", "re ").replace("non-", "non ").split())


def stretches(said: list[Said]) -> list[tuple[int, int, tuple[int, ...]]]:
    """(speaker, first utterance, word indexes) of every stretch in which nobody else speaks."""
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for i, s in enumerate(said):
        if found and found[-1][0] == s.who:
            found[-1] = (s.who, found[-1][1], found[-1][2] + s.words)
        else:
            found.append((s.who, i, s.words))
    return found


def really_said(said: list[Said], who: int, of: tuple[int, ...]) -> bool:
    """The oracle: do these words stand in a row in what that person said?"""
    sought = flat(of)
    stretched = [flat(row) for speaker, _, row in stretches(said) if speaker == who]
    return any(sought == row[k : k + len(sought)] for row in stretched for k in range(len(row)))


def attempt(text: str, who: int, transcript: Transcript, **claim: float) -> Citation | None:
    try:
        return verify(Quote(interview=transcript.interview, text=text, speaker=PEOPLE[who].name or PEOPLE[who].label, **claim), transcript)
    except Unverified:
        return None


def sliced(citation: Citation, transcript: Transcript) -> str:
    rows = [u.text for u in transcript.utterances[citation.first : citation.last + 1]]
    if len(rows) == 1:
        return rows[0][citation.start_char : citation.end_char]
    return " ".join([rows[0][citation.start_char :], *rows[1:-1], rows[-1][: citation.end_char]])


@given(conversations(), st.data())
def test_any_run_of_one_speakers_words_passes_however_it_is_written(said: list[Said], data: st.DataObject) -> None:
    who, _, row = data.draw(st.sampled_from(stretches(said)))
    a = data.draw(st.integers(0, len(row) - 1))
    b = data.draw(st.integers(a + 1, len(row)))
    text = data.draw(texts(row[a:b]))
    transcript = record(said, timed=data.draw(st.booleans()))
    assume(any(c.isalnum() for c in text))
    citation = verify(Quote(interview=transcript.interview, text=text, speaker=PEOPLE[who].name or PEOPLE[who].label), transcript)
    assert keys(citation.text) == keys(text) == tuple(part.replace("1,000", "1000") for part in flat(row[a:b]))
    assert citation.text == sliced(citation, transcript)
    assert {u.speaker for u in transcript.utterances[citation.first : citation.last + 1]} == {PEOPLE[who].label}
    check_citation(citation, transcript)
    assert reverify(citation, transcript) == citation


@given(conversations(), st.data())
@settings(max_examples=300)
def test_altered_words_pass_only_where_they_were_really_said(said: list[Said], data: st.DataObject) -> None:
    who, _, row = data.draw(st.sampled_from(stretches(said)))
    a = data.draw(st.integers(0, len(row) - 1))
    of = list(row[a : data.draw(st.integers(a + 1, len(row)))])
    at = data.draw(st.integers(0, len(of) - 1))
    other = data.draw(st.one_of(st.integers(0, len(WORDS) - 1), st.sampled_from(NEGATIONS)))
    match data.draw(st.sampled_from(("change", "insert", "delete", "swap", "other speaker"))):
        case "change":
            of[at] = other
        case "insert":
            of.insert(at, other)
        case "delete":
            del of[at]
        case "swap":
            of[at - 1], of[at] = of[at], of[at - 1]
        case _:
            who = data.draw(st.integers(0, 2))
    assume(of)
    text = data.draw(texts(tuple(of)))
    citation = attempt(text, who, record(said))
    if citation is not None:
        assert really_said(said, who, tuple(of))


@given(conversations(), st.data(), st.floats(allow_nan=True, allow_infinity=True))
def test_a_shifted_time_never_passes(said: list[Said], data: st.DataObject, at: float) -> None:
    at = data.draw(st.sampled_from((at, at % 300.0)))
    who, _, row = data.draw(st.sampled_from(stretches(said)))
    text = data.draw(texts(row[:1]))
    assume(any(c.isalnum() for c in text))
    citation = attempt(text, who, record(said), start_s=at)
    if citation is not None:
        assert 30.0 * citation.first - 2.0 <= at <= 30.0 * citation.last + 22.0
        assert citation.start_s is not None
    assert attempt(text, who, record(said, timed=False), start_s=at) is None


@given(conversations(), st.data(), st.sets(st.integers(0, 9), max_size=3))
def test_claimed_utterances_are_where_the_citation_lies(said: list[Said], data: st.DataObject, claimed: set[int]) -> None:
    who, _, row = data.draw(st.sampled_from(stretches(said)))
    text = data.draw(texts(row[:2]))
    assume(any(c.isalnum() for c in text))
    transcript = record(said)
    quote = Quote(
        interview=transcript.interview, text=text, speaker=PEOPLE[who].name or PEOPLE[who].label, utterances=tuple(sorted(claimed))
    )
    try:
        citation = verify(quote, transcript)
    except Elsewhere:
        return
    assert not claimed or set(range(citation.first, citation.last + 1)) <= claimed


@given(st.text(max_size=60), st.text(max_size=30))
@settings(max_examples=300)
def test_arbitrary_text_never_breaks_verification_and_its_offsets_hold(said: str, quoted: str) -> None:
    transcript = record([Said(0, (), said)])
    for text in (quoted, said):
        citation = attempt(text, 0, transcript)
        if citation is not None:
            assert citation.text == sliced(citation, transcript)
            assert keys(citation.text) == keys(text)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_words_cover_their_text_in_order_and_without_overlap(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.key
        end = word.end
