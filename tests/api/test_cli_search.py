"""`plumbline search new | list | show`, as a recruiter uses them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cast import ANA, CONTRACT, DANA, HAMID, PRIYA, SLUG, TOMAS, write_folder
from tests.api.conftest import Run

FLAGS = ("--title", "Staff Engineer", "--recruiter", DANA, "--manager", PRIYA)


def _contract(path: Path, told: Any) -> str:
    file = path / "contract.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return str(file)


def test_a_search_is_opened_from_flags_with_its_panel_and_its_contract(plumbline: Run, tmp_path: Path) -> None:
    seats = ("--panel", f"{HAMID}:1-screen:M1,t1", "--panel", f"{ANA}:2-design")
    made = plumbline("search", "new", "routing", *FLAGS, *seats, "--contract", _contract(tmp_path, CONTRACT), "--json")
    assert made.code == 0, made.err
    assert [(s["name"], s["interview_name"], s["focus"]) for s in made.json["search"]["panel"]] == [
        (HAMID, "1-screen", ["M1", "T1"]),
        (ANA, "2-design", []),
    ]
    assert [c["id"] for c in made.json["contract"]["criteria"]] == ["M1", "M2", "M3", "T1", "T2", "D1"]
    assert made.json["contract"]["version"] == 1


def test_opening_the_same_search_again_changes_nothing_and_another_title_is_a_conflict(plumbline: Run) -> None:
    assert plumbline("search", "new", "routing", *FLAGS).code == 0
    assert plumbline("search", "new", "routing", *FLAGS).code == 0
    other = plumbline("search", "new", "routing", "--title", "Something else")
    assert other.code == 4
    assert "already on record with other content" in other.err
    assert [s["title"] for s in plumbline("search", "list", "--json").json] == ["Staff Engineer"]


def test_a_search_is_opened_from_a_folder_under_its_name_or_another(plumbline: Run, folder: Path) -> None:
    assert plumbline("search", "new", "--from", str(folder)).code == 0
    assert plumbline("search", "new", "spring-hire", "--from", str(folder)).code == 0
    listed = plumbline("search", "list")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["spring-hire", SLUG]
    shown = plumbline("search", "show", SLUG, "--json").json
    assert (shown["search"]["recruiter"]["name"], len(shown["contract"]["criteria"]), shown["interviews"]) == (DANA, 6, [])


def test_a_folder_without_a_contract_opens_a_search_whose_contract_is_still_open(plumbline: Run, folder: Path) -> None:
    (folder / "gold" / "contract.json").unlink()
    made = plumbline("search", "new", "--from", str(folder))
    assert made.code == 0
    assert "still open: M1, M2, M3, T1, T2, D1" in made.out


def test_an_incomplete_contract_is_kept_and_what_is_open_is_said(plumbline: Run, tmp_path: Path) -> None:
    half = {"must_haves": CONTRACT["must_haves"][:2], "deal_breaker": CONTRACT["deal_breaker"]}
    made = plumbline("search", "new", "routing", *FLAGS, "--contract", _contract(tmp_path, half))
    assert made.code == 0
    assert "still open: M3, T1, T2" in made.out
    assert "not signed" in made.out


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"must_haves": [{"id": "M1", "text": "a"}, {"id": "M1", "text": "b"}]}, "The criterion M1 stands twice"),
        ({"must_haves": [{"id": f"M{n}", "text": "a"} for n in (1, 2, 3, 3)]}, "must_haves"),
        ({"must_haves": [{"id": "M9", "text": "a"}]}, "must_haves[0].id"),
        ({"must_haves": [{"id": "M1", "text": " "}]}, "must_haves[0].text"),
        ({"must_have": [{"id": "M1", "text": "a"}]}, "holds no criterion"),
        ("{\n\n oh", "line 3"),
        ("[]", "contract.json"),
    ],
    ids=["twice", "four", "unknown", "blank", "misspelt", "malformed", "a list"],
)
def test_a_contract_file_that_is_wrong_is_refused_naming_file_and_place(standing: Run, tmp_path: Path, told: Any, said: str) -> None:
    refused = standing("search", "new", "refused", *FLAGS, "--contract", _contract(tmp_path, told))
    assert (refused.code, refused.out) == (6, "")
    assert refused.err.startswith("Error [bad_search]")
    assert said in refused.err
    assert "contract.json" in refused.err


@pytest.mark.parametrize(
    "seat", ["Ana", "Ana:", ":1-screen", "Ana:1-screen:M9", "Ana:1-screen:M1:T1", " : "], ids=lambda seat: f"seat {seat!r}"
)
def test_a_seat_that_cannot_be_read_is_refused_with_an_example(standing: Run, seat: str) -> None:
    refused = standing("search", "new", "refused", *FLAGS, "--panel", seat)
    assert refused.code == 6
    assert "A seat is NAME:INTERVIEW or NAME:INTERVIEW:M1,T2" in refused.err
    assert "Such as" in refused.err


def test_one_person_cannot_sit_twice_in_one_interview(standing: Run) -> None:
    refused = standing("search", "new", "refused", *FLAGS, "--panel", "Ana:1-screen:M1", "--panel", "Ana:1-screen:M2")
    assert refused.code == 6
    assert "Ana sits twice in 1-screen" in refused.err


@pytest.mark.parametrize("slug", ["", "two words", "a/b", "..//"])
def test_a_slug_that_is_no_short_name_is_refused_with_an_example(standing: Run, slug: str) -> None:
    refused = standing("search", "new", slug, *FLAGS)
    assert refused.code == 6
    assert "short name of letters, digits, dots and dashes" in refused.err


@pytest.mark.parametrize("title", ["", "  "])
def test_a_search_without_a_title_is_refused(standing: Run, title: str) -> None:
    refused = standing("search", "new", "refused", "--title", title)
    assert refused.code == 6
    assert "A search needs a title" in refused.err


def test_names_of_blanks_are_nobody(plumbline: Run) -> None:
    made = plumbline("search", "new", "routing", "--title", "Staff Engineer", "--recruiter", "  ", "--json")
    assert made.code == 0, made.err
    assert made.json["search"]["recruiter"] is None


def test_what_was_refused_left_no_search_behind(standing: Run) -> None:
    assert standing("search", "new", "refused", *FLAGS, "--panel", "Ana").code == 6
    assert [s["slug"] for s in standing("search", "list", "--json").json] == [SLUG]


def test_an_empty_record_says_how_to_open_the_first_search(plumbline: Run) -> None:
    assert "plumbline search new" in plumbline("search", "list").out
    assert plumbline("search", "list", "--json").json == []
    missing = plumbline("search", "show", "nope")
    assert (missing.code, missing.out) == (3, "")
    assert "There is none yet" in missing.err


def test_showing_a_search_tells_people_contract_panel_and_interviews(standing: Run) -> None:
    shown = standing("search", "show", SLUG)
    for told in (DANA, PRIYA, HAMID, ANA, TOMAS, "Contract version 1", "probes M1, T1", "8 utterances", "not mapped: SPEAKER_01"):
        assert told in shown.out
    rows = standing("search", "show", SLUG, "--json").json["interviews"]
    assert [(r["name"], r["utterances"], r["version"], r["unmapped"]) for r in rows] == [
        ("1-screen", 8, 1, []),
        ("2-design", 6, 1, ["SPEAKER_01"]),
    ]


def test_an_unknown_search_is_refused_with_those_that_there_are(standing: Run) -> None:
    missing = standing("search", "show", "nope")
    assert missing.code == 3
    assert f"There is no search nope. There are: {SLUG}." in missing.err


def test_a_folder_of_another_kind_is_refused_before_anything_is_opened(plumbline: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = plumbline("search", "new", "--from", str(empty))
    assert refused.code == 6
    assert "search.json" in refused.err
    write_folder(tmp_path / "odd", head={"title": "Only a title"})
    assert "odd/search.json" in plumbline("search", "new", "--from", str(tmp_path / "odd")).err
    assert plumbline("search", "list", "--json").json == []
