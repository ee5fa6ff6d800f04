"""`plumbline ingest` of files, as a recruiter uses it."""

import json
from pathlib import Path

import pytest

from tests.api.cast import ANA, DESIGN, HAMID, SCREEN, SLUG, TOMAS, Ran, srt, vtt
from tests.api.conftest import Run

TO = ("--search", SLUG, "--candidate", TOMAS)
AGREED = ("--consent", "recorded-elsewhere")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """One call in several formats, each under the name of an interview, with words of its own."""
    folder = tmp_path / "files"
    folder.mkdir()
    said = [(who, f"{text} And that is it.") for who, text in SCREEN]
    (folder / "webvtt.vtt").write_text(vtt(said))
    (folder / "srt.txt").write_text(srt(said))
    (folder / "otter.vtt").write_text("\n\n".join(f"{who}  0:{10 + n}\n{text}" for n, (who, text) in enumerate(said)))
    plain = [{"speaker": who, "text": text, "start": n, "end": n + 0.9} for n, (who, text) in enumerate(said)]
    (folder / "json.dat").write_text(json.dumps(plain))
    (folder / "empty.vtt").write_text("")
    (folder / "binary.vtt").write_bytes(bytes(range(256)) * 20)
    (folder / "torn.vtt").write_text('[\n{"speaker": "Ana Ruiz",\n')
    return folder


def _interviews(run: Run) -> dict[str, int]:
    return {i["name"]: i["utterances"] for i in run("search", "show", SLUG, "--json").json["interviews"]}


def _refused(ran: Ran, code: int, *said: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran
    assert ran.err.startswith("Error [")
    assert len(ran.err.strip().splitlines()) == 1
    for words in said:
        assert words in ran.err


def test_files_of_several_formats_are_told_apart_by_content_and_found_at_once(story: Run, files: Path) -> None:
    names = ("webvtt.vtt", "srt.txt", "otter.vtt", "json.dat")
    done = story("ingest", *[str(files / name) for name in names], *TO, *AGREED, "--json")
    assert done.code == 0, done.err
    assert [(row["interview"], row["utterances"], row["new"], row["unmapped"]) for row in done.json] == [
        (Path(name).stem, 8, True, []) for name in names
    ]
    assert len({row["format"] for row in done.json}) == 4
    found = story("find", "the cache filled up", "--search", SLUG, "--interview", "json", "--json").json
    assert "cache filled up" in found[0]["text"]
    assert found[0]["speaker"] == TOMAS


def test_what_is_told_of_an_import_fits_a_screen(story: Run, files: Path) -> None:
    done = story("ingest", str(files / "webvtt.vtt"), *TO, *AGREED)
    assert done.out == "webvtt: 8 utterances (webvtt), version 1 on record.\n"
    assert done.err == ""


def test_the_same_file_twice_changes_nothing(standing: Run, prepared: Path) -> None:
    file = str(prepared.parent / SLUG / "interviews" / "1-screen.vtt")
    again = standing("ingest", file, *TO, *AGREED)
    assert again.code == 0
    assert "was on record already, nothing changed" in again.out
    assert [row["new"] for row in standing("ingest", file, *TO, "--json").json] == [False]


def test_another_file_for_the_same_interview_is_a_conflict_that_says_what_to_do(standing: Run, files: Path) -> None:
    other = standing("ingest", str(files / "webvtt.vtt"), "--interview", "1-screen", *TO, *AGREED)
    _refused(other, 4, "The interview 1-screen has another transcript on record", "--interview", "--correct")


def test_a_correction_is_the_next_version_and_the_first_file_again_does_not_bring_it_back(story: Run, files: Path, folder: Path) -> None:
    corrected = story("ingest", str(files / "webvtt.vtt"), "--interview", "1-screen", *TO, "--correct", "the recorder dropped words")
    assert "version 2 on record" in corrected.out, corrected.err
    again = story("ingest", str(folder / "interviews" / "1-screen.vtt"), *TO)
    assert "nothing changed" in again.out
    found = story("find", "the cache filled up", "--search", SLUG, "--interview", "1-screen", "--json").json
    assert found[0]["text"].endswith("And that is it.")
    rows = story("search", "show", SLUG, "--json").json["interviews"]
    assert [(r["name"], r["version"]) for r in rows] == [("1-screen", 2), ("2-design", 1)]


def test_a_label_is_mapped_at_import_or_later_and_stays_mapped(story: Run, tmp_path: Path) -> None:
    file = tmp_path / "3-team.vtt"
    file.write_text(vtt([*DESIGN, ("SPEAKER_02", "I only listen.")]))
    first = story("ingest", str(file), *TO, *AGREED, "--speaker", f"SPEAKER_01={TOMAS}")
    assert "Nobody is known by SPEAKER_02" in first.err
    later = story("ingest", str(file), *TO, "--speaker", f"SPEAKER_02={HAMID}")
    assert (later.code, later.err) == (0, "")
    assert "version 2 on record" in later.out
    found = story("find", "who took over your work", "--search", SLUG, "--interview", "3-team", "--role", "candidate", "--json").json
    assert found[0]["speaker"] == TOMAS
    assert "nothing changed" in story("ingest", str(file), *TO).out


def test_an_unknown_label_is_refused_with_the_labels_that_there_are(standing: Run, files: Path) -> None:
    one = standing("ingest", str(files / "webvtt.vtt"), *TO, *AGREED, "--speaker", f"SPEAKER_09={ANA}")
    _refused(one, 3, "No speaker is labelled “SPEAKER_09”", f"The labels are: {HAMID}, {TOMAS}.")
    two = standing("ingest", str(files / "webvtt.vtt"), str(files / "srt.txt"), *TO, *AGREED, "--speaker", f"SPEAKER_09={ANA}")
    _refused(two, 3, "No speaker is labelled “SPEAKER_09”")


def test_an_unknown_person_is_refused_with_who_takes_part_and_nothing_is_half_made(standing: Run, files: Path) -> None:
    refused = standing("ingest", str(files / "webvtt.vtt"), *TO, *AGREED, "--speaker", f"{HAMID}=Somebody Else")
    _refused(refused, 3, "“Somebody Else” does not take part", HAMID, ANA, TOMAS)
    assert "webvtt" not in _interviews(standing)


@pytest.mark.parametrize("told", ["SPEAKER_01", "=Ana", "SPEAKER_01="])
def test_a_mapping_that_maps_nobody_is_refused_with_its_form(standing: Run, files: Path, told: str) -> None:
    _refused(standing("ingest", str(files / "webvtt.vtt"), *TO, "--speaker", told), 6, "LABEL=NAME")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("empty.vtt", "empty"),
        ("binary.vtt", "not text"),
        ("torn.vtt", "line 3"),
        ("missing.vtt", "No such file"),
        ("", "Is a directory"),
    ],
    ids=["empty", "binary", "malformed", "missing", "directory"],
)
def test_a_bad_file_among_good_ones_leaves_nothing_behind(standing: Run, files: Path, bad: str, said: str) -> None:
    refused = standing("ingest", str(files / "webvtt.vtt"), str(files / bad), str(files / "srt.txt"), *TO, *AGREED)
    _refused(refused, 6, said, str(files / bad))
    assert set(_interviews(standing)) == {"1-screen", "2-design"}


def test_a_conflict_among_good_files_leaves_nothing_behind(standing: Run, files: Path) -> None:
    (files / "1-screen.vtt").write_text(vtt(DESIGN))
    refused = standing("ingest", str(files / "webvtt.vtt"), str(files / "1-screen.vtt"), *TO, *AGREED)
    _refused(refused, 4, "The interview 1-screen has another transcript")
    assert set(_interviews(standing)) == {"1-screen", "2-design"}


def test_two_files_of_one_name_are_refused(standing: Run, files: Path) -> None:
    (files / "more").mkdir()
    (files / "more" / "webvtt.srt").write_text(srt(DESIGN))
    refused = standing("ingest", str(files / "webvtt.vtt"), str(files / "more" / "webvtt.srt"), *TO, *AGREED)
    _refused(refused, 6, "2 files are called webvtt")


def test_without_consent_nothing_is_stored_not_even_the_interview(standing: Run, files: Path) -> None:
    for unstated in ((), ("--consent", "  ")):
        refused = standing("ingest", str(files / "webvtt.vtt"), *TO, *unstated)
        _refused(refused, 5, "[consent_missing]", "interview webvtt", "--consent", "recorded-elsewhere")
    assert set(_interviews(standing)) == {"1-screen", "2-design"}


def test_a_consent_in_words_is_enough_and_holds_for_the_next_time(story: Run, files: Path) -> None:
    assert story("ingest", str(files / "webvtt.vtt"), *TO, "--consent", "agreed in the invite of 20 March").code == 0
    assert story("ingest", str(files / "webvtt.vtt"), *TO).code == 0


def test_an_interview_keeps_its_candidate_and_its_date(story: Run, files: Path) -> None:
    file = str(files / "webvtt.vtt")
    assert story("ingest", file, *TO, *AGREED, "--date", "2026-03-22").code == 0
    _refused(story("ingest", file, "--search", SLUG, "--candidate", "Tomas Other", *AGREED), 4, "with Tomás Vidal, not Tomas Other")
    _refused(story("ingest", file, *TO, *AGREED, "--date", "2026-04-01"), 4, "as held on 2026-03-22, not 2026-04-01")
    assert story("ingest", file, "--search", SLUG, "--candidate", "tomás  vidal", "--date", "2026-03-22").code == 0


def test_files_need_a_search_and_a_candidate(standing: Run, files: Path) -> None:
    file = str(files / "webvtt.vtt")
    for told in (("--search", SLUG), ("--candidate", TOMAS), ("--search", SLUG, "--candidate", " "), ()):
        _refused(standing("ingest", file, *told, *AGREED), 6, "--search", "--candidate", "search.json")
    _refused(standing("ingest", file, "--search", "nope", "--candidate", TOMAS, *AGREED), 3, "There is no search nope", SLUG)


def test_a_date_that_is_none_and_one_name_for_two_files_are_refused(standing: Run, files: Path) -> None:
    file, other = str(files / "webvtt.vtt"), str(files / "srt.txt")
    _refused(standing("ingest", file, *TO, *AGREED, "--date", "22.3.2026"), 6, "2026-03-22")
    _refused(standing("ingest", file, other, *TO, *AGREED, "--interview", "x"), 6, "--interview names one interview")
