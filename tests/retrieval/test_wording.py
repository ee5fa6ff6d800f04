"""No drafted sentence and no edit adds a number, a name, a quotation, a time or a denial to its evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.citation import Citation, Quote
from alignment.contract import Criterion
from alignment.record import InterviewId, OrganisationId, PersonId, TranscriptId
from alignment.transcript import Certainty, Speaker, Transcript, Utterance
from retrieval.verify import verify
from retrieval.wording import ProblemKind, unsupported_words

SPEAKERS = (
    Speaker(label="SPEAKER_01", person=PersonId("p-1"), name="Tomás Rivera", certainty=Certainty.GIVEN),
    Speaker(label="SPEAKER_02"),
)
TRADE_OFF = Criterion(id="T2", text="Two years of Kafka matter less than calm under 24/7 load")


def cited(text: str, start_s: float | None = 1330.0, speaker: int = 0) -> Citation:
    """A citation of a whole utterance that begins at 22:10 and takes ten seconds."""
    end_s = None if start_s is None else start_s + 10.0
    who = SPEAKERS[speaker]
    transcript = Transcript(
        id=TranscriptId("t"),
        organisation=OrganisationId("o"),
        interview=InterviewId("i"),
        source_format="json",
        source_digest="0",
        speakers=SPEAKERS,
        utterances=(Utterance(index=0, speaker=who.label, text=text, start_s=start_s, end_s=end_s),),
    )
    return verify(Quote(interview=InterviewId("i"), text=text, speaker=who.name or who.label), transcript)


def kinds(sentence: str, text: str, **more: object) -> list[str]:
    return [str(p.kind) for p in unsupported_words(sentence, [cited(text)], TRADE_OFF, **more)]  # type: ignore[arg-type]


LED = "I led three migrations with Priya at Acme in 2019, twenty-five people, and it fell 5%. We didn't lose a day."


@pytest.mark.parametrize(
    "sentence",
    [
        "On the question at minute 22, Tomás described leading three migrations. That bears on trade-off #2.",
        "At 22:10, the candidate said “I led three migrations”.",
        "At 22:10–22:20 Tomás Rivera names Priya and Acme.",
        "Tomás’s account names 25 people and 3 migrations.",
        "It fell 5% in 2019, with twenty five people.",
        "The candidate did not lose a day: calm under 24/7 load (T2), two years of Kafka.",
        "I’d say the candidate led the migrations.",
        "Trade-off #2 is met: three migrations.",
        "He said 'we didn’t lose a day', calmly.",
        "That one bears on it.",
    ],
)
def test_a_sentence_that_rests_on_its_citation_and_criterion_passes(sentence: str) -> None:
    assert kinds(sentence, LED) == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The candidate led four migrations.", "number"),
        ("The candidate led 4 migrations.", "number"),
        ("The candidate led thirty migrations.", "number"),
        ("The candidate led five people.", "number"),
        ("The candidate led twenty people.", "number"),
        ("The candidate led 22 people.", "number"),
        ("The candidate said it twice.", "number"),
        ("Half the answer was about migrations.", "number"),
        ("It fell 5 percent.", "number"),
        ("It fell 5.", "number"),
        ("It fell 15%.", "number"),
        ("It fell by three point five.", "number"),
        ("The candidate led three million people.", "number"),
        ("The candidate led minus three migrations.", "number"),
        ("That bears on trade-off #1.", "number"),
        ("That bears on M2.", "number"),
        ("The candidate led three migrations with Dana.", "name"),
        ("The candidate knows AWS.", "name"),
        ("GitHub was used.", "name"),
        ("Dana’s team led it.", "name"),
        ("The candidate, Tomás Okafor, led it.", "name"),
        ("The candidate said “I led the migrations”.", "quotation"),
        ('The candidate said "three migrations with Acme".', "quotation"),
        ("The candidate said ‘I was proud’.", "quotation"),
        ("The candidate said “I was proud", "quotation"),
        ("The candidate called it «a mess».", "quotation"),
        ("At minute 23 the candidate led migrations.", "time"),
        ("At minute twenty-three the candidate led migrations.", "time"),
        ("At minute 25 the candidate spoke of people.", "time"),
        ("At 22:11 the candidate led migrations.", "time"),
        ("At 22:10–22:40 the candidate led migrations.", "time"),
        ("The candidate took three weeks.", "time"),
        ("It took 22 minutes.", "time"),
        ("It was on Monday.", "time"),
        ("It was in May.", "time"),
        ("It happened yesterday.", "time"),
        ("The candidate never led.", "negation"),
        ("Nobody lost a day.", "negation"),
        ("The candidate led without calm.", "negation"),
        ("The candidate failed to lead.", "negation"),
        ("The candidate was unable to lead.", "negation"),
        ("The candidate was unprepared.", "negation"),
    ],
)
def test_what_the_evidence_does_not_hold_is_reported_by_kind(sentence: str, kind: str) -> None:
    assert kinds(sentence, LED) == [kind]


@pytest.mark.parametrize("denial", ["did not lead", "didn’t lead", "cannot lead", "can't lead", "could n't lead"])
def test_a_denial_needs_a_denial_in_the_record(denial: str) -> None:
    assert kinds(f"The candidate {denial}.", "I led it.") == ["negation"]
    assert kinds(f"The candidate {denial}.", "I don't think I led it.") == []


def test_turning_a_word_of_the_record_round_is_a_denial() -> None:
    assert kinds("The rollout was nonstandard.", "It was a standard rollout.") == ["negation"]
    assert kinds("Unless asked, it was less.", "It was less.") == []


def test_the_products_own_phrases_may_stand_in_any_sentence() -> None:
    sentence = "The candidate could not name one. That was asked twice."
    assert kinds(sentence, "Hm, let me think.") == ["number", "number", "negation"]
    assert kinds(sentence, "Hm, let me think.", allowed=["could not name one", "twice"]) == []


def test_a_known_name_is_recognised_at_the_beginning_of_a_sentence() -> None:
    assert kinds("Dana led the migrations.", LED) == []
    assert kinds("Dana led the migrations.", LED, people=["Dana Okafor"]) == ["name"]
    assert kinds("Tomás led the migrations.", LED, people=["Tomás Rivera"]) == []


def test_a_common_word_in_the_record_is_no_licence_for_a_name() -> None:
    assert kinds("The candidate met Will.", "I will do it.") == ["name"]
    assert kinds("The candidate met Will.", "then i met will") == []


def test_a_speaker_nobody_knows_is_named_by_the_label_in_inverted_commas() -> None:
    citation = cited("It broke.", speaker=1)
    assert unsupported_words(f"Then {citation.spoken} said it broke.", [citation], None) == []
    assert [p.kind for p in unsupported_words("Then Tomás said it broke.", [citation], None)] == [ProblemKind.NAME]


def test_without_times_there_is_no_minute_to_name() -> None:
    assert [p.kind for p in unsupported_words("At minute 0 it broke.", [cited("It broke.", None)], None)] == [ProblemKind.TIME]


def test_a_quotation_must_stand_in_one_citation_and_not_across_two() -> None:
    two = [cited("We had a plan."), cited("It failed.")]
    assert [p.words for p in unsupported_words("“a plan it failed”", two, None)] == ["a plan it failed"]


def test_a_problem_tells_the_interviewer_in_a_plain_sentence() -> None:
    problem = unsupported_words("The candidate led 4 migrations.", [cited(LED)], TRADE_OFF)[0]
    assert (problem.words, problem.told) == ("4", "The moments cited here do not hold the number “4”.")


NUMBERS = ("4", "40", "four", "forty", "twice", "half", "a dozen", "six hundred", "7%", "$7", "3.5", "second", "-3")
DENIALS = ("not", "never", "no", "none", "nobody", "without", "cannot", "don’t", "failed to", "unable to")
NAMES = ("Dana", "Marco Polo", "AWS", "McKenna")
TIMES = ("at minute 7", "at 10:30", "for nine weeks", "on Monday", "tomorrow", "at 5pm")
PLAIN_WORDS = ("the", "candidate", "led", "a", "calm", "team", "through", "and", "then", "it", "worked", "well", "for", "them")
PLAIN = st.lists(st.sampled_from(PLAIN_WORDS), min_size=1, max_size=8)


@given(PLAIN, PLAIN, st.sampled_from(NUMBERS + DENIALS + NAMES + TIMES))
def test_whatever_is_added_is_reported_and_without_it_nothing_is(before: list[str], after: list[str], added: str) -> None:
    citation = cited("i led the calm team and it worked")
    frame = ["The", *before], after
    assert unsupported_words(" ".join([*frame[0], *frame[1]]), [citation], None) == []
    assert unsupported_words(" ".join([*frame[0], added, *frame[1]]), [citation], None)


@given(st.text(max_size=80), st.text(min_size=1, max_size=40))
def test_arbitrary_text_never_breaks_the_check_and_a_citation_quoted_whole_passes(sentence: str, said: str) -> None:
    unsupported_words(sentence, [cited("I led it.")], TRADE_OFF, [said])
    assert unsupported_words("“I led it.”", [cited("Then I led it.")], None) == []
