"""A quote becomes a citation only where the record holds its words and its speaker."""

import pytest

from alignment.errors import Elsewhere, Fabricated, Misattributed
from alignment.record import PersonId
from alignment.transcript import Certainty, Speaker, Transcript
from retrieval.verify import verify
from tests.retrieval.conversation import PRIYA, TOMAS, UNKNOWN, quote, record


def one(text: str) -> Transcript:
    return record((TOMAS, text))


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("We didn't ship it, honestly.", "we DIDN’T ship it — honestly"),
        ("We did n't ship it , honestly .", "We didn't ship it, honestly."),
        ("We don 't, and they 're late; it 's fine", "we don't and they're late, it's fine"),
        ("We ca n't say", "we can't say"),
        ("A cross-functional team", "a cross functional team"),
        ("A cross functional team", "a cross‑functional team"),
        ("It cost 1,000 euros", "it cost 1000 euros"),
        ("It fell 5 %", "it fell 5%"),
        ("It cost $ 5", "it cost $5"),
        ("my résumé", "my re\u0301sume\u0301"),
        ("it is fine", "it is ﬁne"),
        ("about ５０ people", "about 50 people"),
        ("co\u00adoperate with\u00a0us", "cooperate with us"),
        ("He said “no”, then left", "he said 'no' then left"),
        ("I think so", "  I\n think   so  "),
        ("I-I think so", "I think so"),
        ("So... 5 people left", "so 5 people left"),
        ("We wrote C# 5 years ago", "wrote C#"),
        ("We wrote C# 5 years ago", "5 years ago"),
    ],
)
def test_an_honest_quote_passes_however_it_is_punctuated(said: str, quoted: str) -> None:
    citation = verify(quote(quoted), one(said))
    assert citation.text in said
    assert (citation.speaker, citation.name, citation.role) == ("SPEAKER_01", "Tomás Rivera", "candidate")


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("we can't ship", "we can ship"),
        ("we can't ship", "we can"),
        ("we ca n't ship", "we ca"),
        ("I don't", "I do"),
        ("I do n't", "I do"),
        ("we're late", "were late"),
        ("it's late", "its late"),
        ("I know him", "no"),
        ("I did not lead it", "I did lead it"),
        ("I did lead it", "I did not lead it"),
        ("about 3.5 people", "about 35 people"),
        ("about 3.5 people", "about 3 5 people"),
        ("about .5 people", "about 5 people"),
        ("about -5 people", "about 5 people"),
        ("about −5 people", "about 5 people"),
        ("about 5 people", "about -5 people"),
        ("10-15 people", "1015 people"),
        ("10-15 people", "10 people"),
        ("10-15 people", "15 people"),
        ("at 10:30 then", "at 1030 then"),
        ("1,5 metres", "15 metres"),
        ("1,000 people", "1 000 people"),
        ("1,0000 people", "10000 people"),
        ("five people", "5 people"),
        ("it fell 5%", "it fell 5"),
        ("it fell 5 %", "it fell 5"),
        ("it cost $5 then", "it cost €5 then"),
        ("it cost $5", "5"),
        ("it cost $ 5", "5"),
        ("10² people", "102 people"),
        ("10² people", "10 people"),
        ("3½ years", "31 2 years"),
        ("H₂O", "H2O"),
        ("① people", "1 people"),
        ("𝟓 people", "5 people"),
        ("I re-sign it", "I resign it"),
        ("I resign it", "I re-sign it"),
        ("a non-technical person", "technical person"),
        ("an un-happy end", "happy end"),
        ("an unhappy end", "happy end"),
        ("I know C++ well", "I know C"),
        ("I know C# well", "I know C well"),
        ("the R&D team", "the RD team"),
        ("the R&D team", "the R D team"),
        ("I had a plan", "I hаd a plan"),  # Cyrillic а
        ("my resume", "my résumé"),
        ("in Massen", "in Maßen"),
        ("about 51 people", "about \u202e51\u202c people"),
        ("I left. The team stayed.", "I stayed"),
        ("I left the team", "I left ... team"),
        ("I left the team", "Tomás: I left the team"),
        ("I left the team", ""),
        ("I left the team", " … “”"),
        ("I fell 5%", "%"),
    ],
)
def test_an_altered_quote_never_passes(said: str, quoted: str) -> None:
    with pytest.raises(Fabricated):
        verify(quote(quoted), one(said))


def test_the_citation_holds_the_records_own_wording_and_the_sign_that_ends_the_sentence() -> None:
    citation = verify(quote("you LED it"), one("Well… you led it? Really."))
    assert citation.text == "you led it?"
    assert (citation.first, citation.last, citation.start_char, citation.end_char) == (0, 0, 6, 17)


def test_a_full_stop_inside_a_name_is_not_dragged_along() -> None:
    assert verify(quote("I like node"), one("I like node.js")).text == "I like node"


def test_a_quote_may_run_over_several_utterances_of_one_speaker() -> None:
    transcript = record((TOMAS, "We had a plan,"), (TOMAS, "and it failed."), (PRIYA, "I see."))
    citation = verify(quote("a plan and it failed"), transcript)
    assert (citation.first, citation.last, citation.text) == (0, 1, "a plan, and it failed.")
    assert citation.start_s == pytest.approx(5.0)
    assert citation.end_s == 20.0


def test_a_quote_does_not_run_through_what_somebody_else_says() -> None:
    transcript = record((TOMAS, "We had a plan,"), (PRIYA, "Mm-hm."), (TOMAS, "and it failed."))
    with pytest.raises(Fabricated):
        verify(quote("a plan and it failed"), transcript)


def test_two_speakers_words_are_no_quote_of_either() -> None:
    with pytest.raises(Fabricated):
        verify(quote("we had a plan I see"), record((TOMAS, "We had a plan."), (PRIYA, "I see.")))


def test_words_of_somebody_else_are_misattributed_and_the_sentence_says_whose_they_are() -> None:
    transcript = record((PRIYA, "We lost two engineers."), (TOMAS, "Oh."))
    with pytest.raises(Misattributed, match=r"was said by Priya Nair, not by Tomás Rivera .*u0 \(0:00\)"):
        verify(quote("we lost two engineers"), transcript)


@pytest.mark.parametrize("speaker", ["SPEAKER_02", "“SPEAKER_02”"])
def test_an_unmapped_speaker_is_cited_by_the_label(speaker: str) -> None:
    citation = verify(quote("I was there", speaker), record((UNKNOWN, "I was there."), (TOMAS, "Me too.")))
    assert (citation.speaker, citation.name, citation.role, citation.person) == ("SPEAKER_02", "", "", None)
    assert citation.spoken == "“SPEAKER_02”"


@pytest.mark.parametrize("speaker", ["Tomás Rivera", "candidate", "", "speaker_02", "Priya"])
def test_neither_a_name_nor_a_role_matches_an_unmapped_label(speaker: str) -> None:
    with pytest.raises(Misattributed):
        verify(quote("I was there", speaker), record((UNKNOWN, "I was there."), (TOMAS, "Me too.")))


def test_a_name_stands_for_the_mapped_person_and_not_for_a_label_that_reads_the_same() -> None:
    posing = Speaker(label="Tomás Rivera")
    transcript = record((posing, "I led it."), (TOMAS, "I was there."))
    with pytest.raises(Misattributed):
        verify(quote("I led it"), transcript)
    assert verify(quote("I led it", "“Tomás Rivera”"), transcript).name == ""
    assert verify(quote("I was there"), transcript).speaker == "SPEAKER_01"


def test_swapped_labels_do_not_swap_what_people_said() -> None:
    a = Speaker(label="Dana", person=PersonId("p-priya"), name="Priya", certainty=Certainty.GIVEN)
    b = Speaker(label="Priya", person=PersonId("p-dana"), name="Dana", certainty=Certainty.GIVEN)
    with pytest.raises(Misattributed):
        verify(quote("I led it", "Dana"), record((a, "I led it."), (b, "I see.")))


def test_a_name_that_two_people_bear_stands_for_nobody() -> None:
    namesake = Speaker(label="SPEAKER_03", person=PersonId("p-other"), name="Tomás Rivera", certainty=Certainty.GIVEN)
    transcript = record((TOMAS, "I led it."), (namesake, "I see."))
    with pytest.raises(Misattributed, match="alone"):
        verify(quote("I led it"), transcript)
    assert verify(quote("I led it", "SPEAKER_01"), transcript).name == "Tomás Rivera"


def test_words_from_another_interview_are_elsewhere() -> None:
    other = record((PRIYA, "Hm."), (TOMAS, "I led it."), interview="i-2")
    with pytest.raises(Elsewhere, match=r"in another interview.*i-2, u1 \(0:10\)"):
        verify(quote("I led it"), one("Hello."), [other])


def test_an_older_version_of_the_same_interview_is_no_other_interview() -> None:
    with pytest.raises(Fabricated):
        verify(quote("I led it"), one("Hello."), [one("I led it.")])


def test_a_quote_claimed_of_another_interview_is_elsewhere() -> None:
    with pytest.raises(Elsewhere, match="claimed of interview i-9"):
        verify(quote("Hello", interview="i-9"), one("Hello."))
