import pytest

from corpus.importers import UNKNOWN_SPEAKER, read_transcript
from corpus.importers.labels import accepted_labels, looks_like_a_name


def srt(*texts: str) -> bytes:
    return "\n\n".join(f"{i}\n00:{i:02d}:00,000 --> 00:{i:02d}:05,000\n{text}" for i, text in enumerate(texts, 1)).encode()


def said(*texts: str) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in read_transcript(srt(*texts), where="call").utterances]


def test_a_colon_in_ordinary_speech_is_not_a_speaker() -> None:
    speech = ["So here's the thing: we lost.", "One question: why?", "And I said: no.", "Right.", "At 10:30 we left."]
    assert {speaker for speaker, _ in said(*speech)} == {UNKNOWN_SPEAKER}
    assert [text for _, text in said(*speech)] == speech


def test_one_word_and_a_colon_once_in_a_file_is_not_a_speaker() -> None:
    assert said("Listen: it rang.") == [(UNKNOWN_SPEAKER, "Listen: it rang.")]


def test_a_colon_behind_a_name_stays_in_the_words() -> None:
    assert said("Priya Rao: Note: this is recorded.", "Tomás Vidal: Fine: go on.") == [
        ("Priya Rao", "Note: this is recorded."),
        ("Tomás Vidal", "Fine: go on."),
    ]


def test_a_guest_who_speaks_once_in_a_named_file_is_a_speaker() -> None:
    cues = ["Priya Rao: Ready?", "Tomás Vidal: Yes.", "Waiter: Your coffee.", "Priya Rao: Thanks.", "Tomás Vidal: So."]
    assert [speaker for speaker, _ in said(*cues)][2] == "Waiter"


def test_a_word_that_opens_one_cue_of_a_half_named_file_is_not_a_speaker() -> None:
    cues = [
        "Priya Rao: Ready?",
        "Priya Rao: Well?",
        "Tomás Vidal: Yes.",
        "Tomás Vidal: So.",
        "Listen: it rang.",
        "and rang",
        "Priya Rao: ok",
    ]
    assert "Listen" not in {speaker for speaker, _ in said(*cues)}
    assert (UNKNOWN_SPEAKER, "Listen: it rang.") in said(*cues)


def test_a_name_written_at_changes_only_holds_until_the_next() -> None:
    cues = ["Priya: So tell me", "about the outage.", "Tomás: It began", "at night.", "It hurt.", "Priya: And then?", "Tomás: We fixed it."]
    assert said(*cues) == [
        ("Priya", "So tell me about the outage."),
        ("Tomás", "It began at night. It hurt."),
        ("Priya", "And then?"),
        ("Tomás", "We fixed it."),
    ]


def test_an_unnamed_cue_among_named_ones_is_nobodys() -> None:
    cues = ["Priya: one", "Priya: two", "Tomás: three", "who said this", "Tomás: four", "Tomás: five", "Priya: six"]
    assert (UNKNOWN_SPEAKER, "who said this") in said(*cues)


def test_two_names_in_one_cue_are_two_speakers() -> None:
    assert said("Priya: Ready?\nTomás: Yes.", "Priya: Good.", "Tomás: Good.")[:2] == [("Priya", "Ready?"), ("Tomás", "Yes.")]


@pytest.mark.parametrize(
    "label",
    ["Dana", "Noor van Aalst", "Mei-Lin Castellanos", "Dr. Hamid Sarraf", "Reyes, Dana", "Speaker 2", "SPEAKER_00", "李雷", "Dana (Acme)"],
)
def test_these_look_like_names(label: str) -> None:
    assert looks_like_a_name(label)


@pytest.mark.parametrize("label", ["So here's my thing", "I said", "10", "Really? Dana", "the plan", "A B C D E F G", "Right. Now then"])
def test_these_do_not_look_like_names(label: str) -> None:
    assert not looks_like_a_name(label)


def test_a_lower_case_handle_is_a_label_once_it_recurs() -> None:
    assert accepted_labels(["dana: hi", "tomas: hi", "dana: so", "tomas: yes", "dana: ok", "tomas: ok"]) == {"dana", "tomas"}
    assert accepted_labels(["my view: hi", "hello", "yes", "no"]) == frozenset()


def test_a_full_width_colon_parts_name_and_words() -> None:
    assert said("李雷：你好", "韩梅：你好", "李雷：好") == [("李雷", "你好"), ("韩梅", "你好"), ("李雷", "好")]
