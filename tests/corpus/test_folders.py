import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alignment.errors import BadSearch
from corpus.folders import read_contract_file, read_gold_contract, read_search_folder

HEAD: dict[str, Any] = {
    "title": "Staff Engineer",
    "role_family": "software engineering",
    "company_kind": "logistics firm",
    "recruiter": "Dana Reyes",
    "hiring_manager": "Priya Rao",
    "candidate": "Tomás Vidal",
    "intake_date": "2026-03-01",
    "contract_version": 1,
    "panel": [
        {"name": "Priya Rao", "stage": "screen", "interview": "1-screen", "date": "2026-03-22", "focus": ["M1", "D1"]},
        {"name": "Hamid Sarraf", "stage": "design", "interview": "2-design", "date": "2026-03-26", "focus": ["M2"]},
    ],
}
FEEDBACK = [
    {"id": "F1", "interview": "1-screen", "interviewer": "Priya Rao", "raw": "Didn't click: “hm”\u2028."},
    {"id": "F2", "interview": "2-design", "interviewer": "Hamid Sarraf", "raw": "Fine."},
]
GRADES = [{"interviewer": "Priya Rao", "criterion": "M1", "grade": 3}, {"interviewer": "Hamid Sarraf", "criterion": "M2", "grade": 1}]
GOLD: dict[str, Any] = {
    "must_haves": [{"id": f"M{i}", "text": f"Has done thing {i}", "said_at": [[1, 2]]} for i in (1, 2, 3)],
    "trade_offs": [{"id": f"T{i}", "text": f"Gives up thing {i}"} for i in (1, 2)],
    "deal_breaker": {"id": "D1", "text": "Blames others"},
    "rejected": ["anything"],
}
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def make(head: Any = HEAD, feedback: Any = FEEDBACK, grades: Any = GRADES, gold: Any = GOLD) -> Path:
        path = tmp_path / "staff-engineer"
        (path / "interviews").mkdir(parents=True, exist_ok=True)
        (path / "gold").mkdir(exist_ok=True)
        for name in ("intake.vtt", "interviews/1-screen.vtt", "interviews/2-design.json", "interviews/.DS_Store"):
            (path / name).write_text("WEBVTT\n")
        (path / "search.json").write_text(json.dumps(head, indent=1))
        (path / "feedback.jsonl").write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in feedback) + "\n")
        (path / "scorecards.json").write_text(json.dumps(grades))
        (path / "gold" / "contract.json").write_text(json.dumps(gold))
        return path

    return make


def test_a_folder_is_read_whole(folder: Folder) -> None:
    path = folder()
    search = read_search_folder(path)
    assert (search.slug, search.title, search.candidate) == ("staff-engineer", "Staff Engineer", "Tomás Vidal")
    assert (search.recruiter, search.hiring_manager) == ("Dana Reyes", "Priya Rao")
    assert str(search.panel[0].held_on) == "2026-03-22"
    assert search.panel[0].focus == ("M1", "D1")
    assert search.intake == path / "intake.vtt"
    assert search.interviews == {"1-screen": path / "interviews" / "1-screen.vtt", "2-design": path / "interviews" / "2-design.json"}
    assert [row.raw for row in search.feedback] == ["Didn't click: “hm”\u2028.", "Fine."]
    assert [(row.criterion, row.grade) for row in search.scorecards] == [("M1", 3), ("M2", 1)]


def test_an_intake_feedback_and_scorecards_may_still_be_missing(folder: Folder) -> None:
    path = folder()
    for name in ("intake.vtt", "feedback.jsonl", "scorecards.json"):
        (path / name).unlink()
    search = read_search_folder(path)
    assert (search.intake, search.feedback, search.scorecards) == (None, (), ())


def test_an_interview_that_is_still_to_come_has_no_file_yet(folder: Folder) -> None:
    path = folder(feedback=FEEDBACK[:1])
    (path / "interviews" / "2-design.json").unlink()
    assert list(read_search_folder(path).interviews) == ["1-screen"]


def test_the_gold_folder_is_never_opened_for_a_search(folder: Folder) -> None:
    path = folder()
    (path / "gold" / "contract.json").write_text("{ broken")
    (path / "gold" / "feedback.jsonl").mkdir()
    assert read_search_folder(path).title == "Staff Engineer"


def test_only_the_criteria_are_read_from_the_gold_contract(folder: Folder) -> None:
    path = folder()
    for other in ("feedback.jsonl", "debrief.json"):
        (path / "gold" / other).mkdir()  # opening either would fail
    criteria = read_gold_contract(path)
    assert [c.id for c in criteria] == ["M1", "M2", "M3", "T1", "T2", "D1"]
    assert criteria[5].text == "Blames others"
    assert all(c.said == () for c in criteria)


def refused(path: Path, place: str) -> None:
    with pytest.raises(BadSearch, match=place):
        read_search_folder(path)


def test_a_path_that_is_no_folder_is_refused(folder: Folder, tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "does not exist")
    refused(folder() / "search.json", "is a file")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": ""}, r"search\.json, title"),
        ({"candidate": None}, r"search\.json, candidate"),
        ({"panel": []}, r"search\.json, panel"),
        ({"intake_date": "soon"}, r"search\.json, intake_date"),
        ({"contract_version": 0}, r"search\.json, contract_version"),
        ({"panel": [{"name": "Priya Rao"}]}, r"search\.json, panel\[0\]\.interview"),
        ({"panel": [{**HEAD["panel"][0], "focus": ["M9"]}]}, r"search\.json, panel\[0\]\.focus\[0\].*'M1'"),
        ({"panel": [HEAD["panel"][0], {**HEAD["panel"][1], "interview": "2-desgin"}]}, r"panel\[1\]\.interview.*2-design"),
        ({"panel": [HEAD["panel"][0], HEAD["panel"][0]]}, "sits twice"),
    ],
)
def test_a_wrong_field_of_the_search_is_named(folder: Folder, change: dict[str, Any], place: str) -> None:
    refused(folder(head={**HEAD, **change}), place)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"raw": " "}, r"feedback\.jsonl, line 3, raw"),
        ({"interview": "9-none"}, r"feedback\.jsonl, line 3.*Interviews: 1-screen, 2-design"),
        ({"interviewer": "Dana Reyes"}, r"Dana Reyes was not in 2-design.*line 3.*Its panel: Hamid Sarraf"),
        ({"id": "F1"}, r"F1 stands twice.*line 3"),
    ],
)
def test_wrong_feedback_is_named_with_its_line(folder: Folder, change: dict[str, Any], place: str) -> None:
    refused(folder(feedback=[FEEDBACK[0], {**FEEDBACK[1], **change}]), place)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"grade": 5}, r"scorecards\.json, \[1\]\.grade"),
        ({"grade": 0}, r"scorecards\.json, \[1\]\.grade"),
        ({"grade": "3"}, r"scorecards\.json, \[1\]\.grade"),
        ({"criterion": "X1"}, r"scorecards\.json, \[1\]\.criterion"),
        ({"interviewer": "Dana Reyes"}, r"\[1\]\.interviewer.*Panel: Hamid Sarraf, Priya Rao"),
        (GRADES[0], "grades M1 twice"),
    ],
)
def test_a_wrong_grade_is_named(folder: Folder, change: dict[str, Any], place: str) -> None:
    refused(folder(grades=[GRADES[0], {**GRADES[1], **change}]), place)


def test_broken_files_are_named_with_their_line(folder: Folder) -> None:
    path = folder()
    (path / "feedback.jsonl").write_text(json.dumps(FEEDBACK[0]) + '\n{"id": \n')
    refused(path, r"feedback\.jsonl, line 2\)")
    (path / "feedback.jsonl").write_bytes(b"{}\n\xff\n")
    refused(path, r"feedback\.jsonl, line 2\)")
    (path / "search.json").write_text('{"title": "x",\n\n oops}')
    refused(path, r"search\.json, line 3\)")
    (path / "search.json").write_text("[" * 100_000)
    refused(path, r"search\.json")
    (path / "search.json").unlink()
    refused(path, r"missing.*search\.json")


def test_a_search_without_interviews_is_refused(folder: Folder) -> None:
    path = folder()
    for file in (path / "interviews").iterdir():
        file.unlink()
    refused(path, "no interview")
    (path / "interviews").rmdir()
    refused(path, "no folder of interviews")


def test_a_search_whose_interviews_are_still_to_come_is_read_where_none_is_due(folder: Folder) -> None:
    path = folder(feedback=[])
    for file in (path / "interviews").iterdir():
        file.unlink()
    assert read_search_folder(path, held=False).interviews == {}
    (path / "interviews").rmdir()
    assert read_search_folder(path, held=False).interviews == {}


def test_two_files_of_one_interview_are_refused(folder: Folder) -> None:
    path = folder()
    (path / "interviews" / "1-screen.srt").write_text("1\n")
    refused(path, r"1-screen\.srt, 1-screen\.vtt")


def test_two_intake_calls_are_refused(folder: Folder) -> None:
    path = folder()
    (path / "intake.srt").write_text("1\n")
    refused(path, "two intake calls")


@pytest.mark.parametrize(
    ("gold", "place"),
    [
        ({**GOLD, "must_haves": GOLD["must_haves"][:2]}, r"contract\.json, must_haves"),
        ({**GOLD, "deal_breaker": None}, r"contract\.json, deal_breaker"),
        ({**GOLD, "trade_offs": [GOLD["trade_offs"][0]] * 2}, "T1, T1"),
        ([], r"contract\.json"),
    ],
)
def test_a_gold_contract_that_is_not_three_two_one_is_refused(folder: Folder, gold: Any, place: str) -> None:
    with pytest.raises(BadSearch, match=place):
        read_gold_contract(folder(gold=gold))


def test_a_missing_gold_contract_is_refused(folder: Folder) -> None:
    path = folder()
    (path / "gold" / "contract.json").unlink()
    with pytest.raises(BadSearch, match="missing"):
        read_gold_contract(path)


def test_a_criterion_in_the_wrong_list_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    file.write_text('{"must_haves": [{"id": "T1", "text": "Depth in one language"}]}', encoding="utf-8")
    with pytest.raises(BadSearch, match="T1 stands in the wrong list"):
        read_contract_file(file)
