"""Recordings heard as a suite: its arithmetic on toy transcripts, and a whole run over our samples."""

import asyncio
import json
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alignment.errors import BadRequest
from alignment.transcript import Utterance
from corpus.heard import Heard, HeardWord, Language, PlacedWord
from corpus.importers.parsed import Parsed
from evals.case import Batch, Case, Outcome, State
from evals.figures import Figure, figures
from evals.running.conditions import Conditions
from evals.scorers.transcripts import (
    MedianStart,
    SaidWord,
    attributed,
    edits,
    given_out,
    matched,
    normalised,
    starts,
    voices_errors,
    word_errors,
)
from evals.sources import SAMPLES, Sources
from evals.suites import speech

SAMPLE = SAMPLES / "speech"


def toy(*utterances: tuple[str, str], start_s: float = 0.0) -> Heard:
    """A transcript with a word a second, each utterance as (speaker, text), its words' probability .9."""
    made, words, at = [], [], start_s
    for index, (speaker, text) in enumerate(utterances):
        begins, offset = at, 0
        for word in text.split():
            offset = text.index(word, offset)
            words.append(PlacedWord(index, offset, HeardWord(word, at, at + 0.5, 0.9)))
            at, offset = at + 1, offset + len(word)
        made.append(Utterance(index=index, speaker=speaker, text=text, start_s=begins, end_s=at))
    labels = tuple(dict.fromkeys(speaker for speaker, _ in utterances))
    return Heard(Parsed("recording", labels, tuple(made), "0" * 64), tuple(words), Language("en"), at)


def case_of(reference: str, *, voices: dict[str, str] | None = None, words: list[list[Any]] | None = None) -> Case:
    expected = {"reference": reference, "voices": voices or {}, "words": words or []}
    return Case(suite="speech", id="clip", group="clip", given={"audio": "clip.wav"}, expected=expected)


def outcome_of(case: Case, heard: Heard | None, took_s: float = 1.0) -> Outcome:
    return speech.scored(case, heard, took_s, Conditions())


def figures_of(*outcomes: Outcome) -> dict[str, Figure]:
    return figures(speech.METRICS, outcomes, 7)


def held(batch: Batch) -> list[Outcome]:
    async def outcomes() -> list[Outcome]:
        return [o async for o in speech.HOLDS[batch.kind](batch, Conditions())]

    return asyncio.run(outcomes())


def test_word_errors_are_those_that_one_counts_by_hand() -> None:
    assert word_errors("the pump broke twice", "a pump broke twice again") == {"substituted": 1, "deleted": 0, "inserted": 1, "words": 4}
    assert word_errors("the pump broke", "")["deleted"] == 3
    assert word_errors("", "so it goes") == {"substituted": 0, "deleted": 0, "inserted": 3, "words": 0}


def test_spelling_numbers_and_hesitations_are_no_word_errors() -> None:
    assert normalised("Um, it’s twenty-five PER cent of the colour.") == normalised("It is 25% of the color")
    assert normalised("Straße, ja!", "de") == "straße ja"


def test_word_errors_are_pooled_over_words_and_not_averaged_over_clips() -> None:
    long = outcome_of(case_of("one pump broke on the first floor today"), toy(("A", "one pump broke on the first floor today")))
    short = outcome_of(case_of("yes indeed"), toy(("A", "no never")))
    other = short.model_copy(update={"case": "other", "group": "other"})
    assert figures_of(long, other)["wer"].value == pytest.approx(2 / 10)


def test_nothing_heard_is_every_word_wrong_and_so_is_the_constant_answer() -> None:
    outcome = outcome_of(case_of("the pump broke"), None)
    assert outcome.state is State.SCORED
    told = figures_of(outcome)["wer"]
    assert (told.value, told.controls["constant"]) == (1.0, 1.0)


def test_voices_are_paired_so_that_fewest_words_are_wrong() -> None:
    said = {"L": "the pump broke", "R": "who mended it"}
    assert edits(voices_errors(said, {"Channel 1": "who mended it", "Channel 2": "the pump broke"})) == 0
    assert edits(voices_errors(said, {"unknown speaker": "the pump broke who mended it"})) == 6
    assert voices_errors(said, {})["deleted"] == 6


def test_speakers_are_right_up_to_what_they_are_called() -> None:
    said = [SaidWord("pump", "L"), SaidWord("broke", "L"), SaidWord("who", "R"), SaidWord("mended", "R")]
    heard = [SaidWord("pump", "2"), SaidWord("broke", "2"), SaidWord("who", "1"), SaidWord("mended", "2")]
    pairs = matched(said, heard)
    assert attributed(pairs) == 3
    assert attributed(given_out(pairs, None)) == 2
    assert {t.speaker for _, t in given_out(pairs, random.Random(7))} <= {"L", "R"}


def test_words_given_to_the_other_channel_are_wrong_though_the_words_are_right() -> None:
    case = case_of("…", voices={"L": "the old pump broke", "R": "who mended it"})
    right = outcome_of(case, toy(("Channel 2", "The old pump broke."), ("Channel 1", "Who mended it?")))
    assert figures_of(right)["channel_accuracy"].value == 1.0
    swapped = outcome_of(case, toy(("Channel 1", "The old pump"), ("Channel 2", "broke who mended it")))
    told = figures_of(swapped)["channel_accuracy"]
    assert told.value == pytest.approx(6 / 7, abs=1e-4)
    assert told.controls["constant"] == pytest.approx(4 / 7, abs=1e-4)
    assert figures_of(swapped)["speaker_accuracy"].value is None


def test_speakers_on_one_channel_are_a_figure_of_their_own() -> None:
    words: list[list[Any]] = [["the", "A", 0.0], ["pump", "A", 1.0], ["broke", "B", 2.0]]
    told = figures_of(outcome_of(case_of("the pump broke", words=words), toy(("Speaker 1", "The pump broke."))))
    assert told["speaker_accuracy"].value == pytest.approx(2 / 3, abs=1e-4)
    assert told["speaker_balanced"].value == pytest.approx(1 / 2, abs=1e-4)
    assert told["speakers_counted"].value == 0.0
    assert told["channel_accuracy"].value is None


def test_words_given_to_nobody_are_right_for_nobody_and_wrong_for_nobody() -> None:
    words: list[list[Any]] = [["the", "A", 0.0], ["pump", "A", 1.0], ["broke", "B", 2.0]]
    heard = toy(("Speaker 1", "The pump"), ("unknown speaker", "broke."))
    told = figures_of(outcome_of(case_of("the pump broke", words=words), heard))
    assert told["speaker_accuracy"].value == told["speaker_named"].value == pytest.approx(2 / 3, abs=1e-4)
    assert told["speaker_precision"].value == 1.0
    assert told["speaker_precision"].controls["constant"] == pytest.approx(2 / 3, abs=1e-4)


def test_taking_turns_at_each_pause_is_what_must_be_beaten() -> None:
    words: list[list[Any]] = [["who", "A", 0.0], ["did", "B", 1.0], ["it", "A", 2.0]]
    told = figures_of(outcome_of(case_of("who did it", words=words), toy(("Speaker 1", "Who did it"))))
    assert told["speaker_accuracy"].controls["alternating"] == 1.0, "each word of the toy has a pause before it"
    assert told["speaker_accuracy"].value == pytest.approx(2 / 3, abs=1e-4)


def test_more_speakers_than_the_harness_can_pair_by_hand_are_paired_all_the_same() -> None:
    words: list[list[Any]] = [[f"word{n}", f"P{n}", float(n)] for n in range(12)]
    heard = toy(*((f"Speaker {n}", f"word{n}") for n in range(12)))
    told = figures_of(outcome_of(case_of(" ".join(w[0] for w in words), words=words), heard))
    assert told["speaker_accuracy"].value == 1.0


def test_words_begin_as_late_as_they_are_heard_and_unheard_ones_have_no_time() -> None:
    words: list[list[Any]] = [["The", "A", 0.0], ["pump", "A", 0.9], ["broke", "A", 1.5], ["twice", "A", 3.0], ["again", "A", None]]
    outcome = outcome_of(case_of("The pump broke twice again", words=words), toy(("A", "the pump broke again")))
    assert (outcome.sums["timed"], outcome.sums["near"]) == (3, 2)
    assert figures_of(outcome)["word_start_median_s"].value == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("off", [[0.03], [0.0, 0.1, 0.4], [0.21, 0.23, 2.7, 40.0], list(np.linspace(0.01, 0.9, 90))])
def test_the_median_from_counts_is_the_median(off: list[float]) -> None:
    counts = starts([(SaidWord("w", "A", 0.0), SaidWord("w", "A", o)) for o in off])
    value = MedianStart("m").value({name: np.array([n]) for name, n in counts.items()})[0]
    assert value == pytest.approx(sorted(off)[(len(off) - 1) // 2], abs=0.021)


def test_no_times_make_no_median() -> None:
    assert np.isnan(MedianStart("m").value({"timed": np.zeros(3)})).all()


def test_how_sure_it_was_stands_beside_whether_it_was_right() -> None:
    assert outcome_of(case_of("the pump broke"), toy(("A", "the jump broke"))).sureness == ((0.9, True), (0.9, False), (0.9, True))


def test_a_reference_without_words_is_unscored() -> None:
    assert outcome_of(case_of("Um."), toy(("A", "yes"))).state is State.UNSCORED


def test_a_manifest_is_read_and_channels_are_taken_apart() -> None:
    [batch] = speech.batches(Sources((SAMPLES,)), 7)
    by_id = {case.id: case for case in batch.cases}
    assert by_id["two-channels.ogg"].expected["voices"].keys() == {"L", "R"}
    assert by_id["two-channels.ogg"].slices["channels"] == "one a speaker"
    assert by_id["stereo-one-voice.m4a"].expected["voices"] == {}
    assert by_id["phone-call.wav"].expected["words"][0] == ["I", "", 0.5]


def test_a_manifest_that_holds_no_reference_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"audio": "call.wav"}\n', encoding="utf-8")
    with pytest.raises(BadRequest, match=r"no recording with a reference.*line 1"):
        speech.batches(Sources((tmp_path,)), 7)


def test_our_samples_are_heard_with_both_channels_right_and_what_cannot_be_read_crashes(tmp_path: Path) -> None:
    folder = tmp_path / "audio"
    shutil.copytree(SAMPLE, folder)
    rows = [{"audio": name, "reference": "words"} for name in ("text.wav", "nowhere.wav")]
    (folder / "text.wav").write_text("no sound", encoding="utf-8")
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    [batch] = speech.batches(Sources((tmp_path,)), 7)
    by_case = {o.case: o for o in held(batch)}
    assert by_case["text.wav"].state is State.CRASHED
    assert "The file is text, not a recording" in by_case["text.wav"].why
    assert by_case["nowhere.wav"].state is State.UNSCORED
    told = figures_of(*by_case.values())
    wer, channels = told["wer"].value, told["channel_accuracy"].value
    assert wer is not None
    assert channels is not None
    assert wer < 0.35
    assert channels > 0.9
    assert (told["real_time_factor"].value or 0) > 0
    assert told["wer"].unscored == 2
