"""What a model drafts reports: whole sentences in quotation marks, and around them no word of its own."""

import pytest

from alignment.contract import Criterion
from retrieval.reporting import added_words, misleading_quotations
from tests.retrieval.test_wording import cited

MUST_HAVE = Criterion(id="M1", text="Hides a mistake from nobody")
SAID = (
    "I rolled the release back within four minutes. Maria stole my idea. If I lie to my team, I lose them. I did not hide it. "
    "And I wrote my report."
)
STRANGER = "the speaker labelled SPEAKER_02"


def added(sentence: str, asks: bool = False) -> list[str]:
    return [p.words for p in added_words(sentence, [cited(SAID)], MUST_HAVE, asks=asks)]


@pytest.mark.parametrize(
    "sentence",
    [
        "At minute 22, the candidate said: “I did not hide it.” That bears on must-have #1.",
        "On the question “Who hid it?” the candidate answered “I did not hide it”.",
        "The candidate rolled the release back within four minutes.",
        "The candidate said that they rolled the release back within four minutes.",
        "The candidate wrote their report.",
        "Asked at 22:10, Tomás Rivera described it: “Maria stole my idea.”",
        "That is outside the contract.",
    ],
)
def test_a_report_with_whole_quotations_adds_no_word(sentence: str) -> None:
    assert added(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("The candidate is a thief.", "thief"),
        ("The candidate stole an idea.", "stole"),
        ("The candidate hides a mistake from the people.", "hides"),
        ("The candidate convincingly said: “I did not hide it.”", "convincingly"),
        ("The candidate only said: “I did not hide it.”", "only"),
        ("The candidate admitted: “I did not hide it.”", "admitted"),
        ("The candidate hide it.", "hide"),
        ("The candidate lie to their team.", "lie"),
        ("Maria rolled the release back.", "rolled"),
        ("The candidate rolled the release back within hours.", "hours"),
        ("Der Kandidat hat gelogen.", "gelogen"),
        ("候选人撒谎了", "候选人撒谎了"),
        ("The candidate said: “I did not hide it.” 👎", "👎"),
        ("She should be hired.", "should"),
    ],
)
def test_a_word_of_its_own_is_told(sentence: str, word: str) -> None:
    assert word in added(sentence)


def test_whoever_has_no_name_and_no_role_is_called_by_their_label_alone() -> None:
    unmapped = [cited(SAID, speaker=1)]
    assert [p.words for p in added_words("The candidate said: “I did not hide it.”", unmapped, None, called=STRANGER)] == ["candidate"]
    assert not added_words("The speaker labelled SPEAKER_02 said: “I did not hide it.”", unmapped, None, called=STRANGER)


def test_a_question_may_ask_and_still_not_judge() -> None:
    assert added("You wrote that. Is this the moment you mean, or did you see something else?", asks=True) == []
    assert added("Did you notice that they are lazy?", asks=True) == ["notice", "lazy"]


def amiss(sentence: str) -> list[str]:
    problems = misleading_quotations(sentence, [cited(SAID)], [cited("So you never tested it?", speaker=1)], ["slow to answer"])
    return [p.words for p in problems]


@pytest.mark.parametrize(
    "quoted", ["I lose them", "hide it", "Maria stole my idea. If I lie to my team", "rolled the release back within four minutes"]
)
def test_a_quotation_that_is_cut_out_of_its_sentence_is_told(quoted: str) -> None:
    assert amiss(f"The candidate said: “{quoted}”") == [quoted]


@pytest.mark.parametrize("quoted", ["I did not hide it", "Maria stole my idea. If I lie to my team, I lose them.", SAID])
def test_whole_sentences_may_be_quoted(quoted: str) -> None:
    assert amiss(f"The candidate said: “{quoted}”") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The candidate said: “So you never tested it?”",
        "You said: “I did not hide it.”",
        "Maria said: “I did not hide it.”",
        "The candidate wrote: “I did not hide it.”",
        "On the question “I did not hide it.” nothing came back.",
        "The candidate said “slow to answer”.",
        "“I did not hide it.”",
        "The candidate said: “”",
    ],
)
def test_words_are_given_to_nobody_but_who_said_asked_or_wrote_them(sentence: str) -> None:
    assert len(amiss(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "On the question “So you never tested it?” at minute 22, the candidate said: “I did not hide it.”",
        "Asked “So you never tested it?”, they answered “I did not hide it.”",
        "You wrote “slow to answer”. Is this the moment you mean, where the candidate said: “I did not hide it.”?",
        "Tomás Rivera has said: “I did not hide it.”",
    ],
)
def test_words_that_are_led_in_as_what_they_are_may_stand(sentence: str) -> None:
    assert amiss(sentence) == []
