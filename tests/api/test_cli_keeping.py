"""`plumbline consent`, `erase`, `hold` and `retention`, where the record is and through a server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.agents.erasure_cast import files_with, nowhere
from tests.api.beside import Beside
from tests.api.cast import SLUG, TOMAS, copy_home, vtt
from tests.api.conftest import Run
from tests.api.served import serving

SCREEN = ("--search", SLUG, "--interview", "1-screen")
DESIGN = ("--search", SLUG, "--interview", "2-design")
WHY = ("--reason", "case 12", "--by", "Dana Reyes")


@pytest.fixture
def beside(prepared: Path, tmp_path: Path) -> Iterator[Beside]:
    """The story's search on record, twice."""
    with serving(copy_home(prepared, tmp_path / "served")) as served:
        yield Beside(served, served.key(org="local"), copy_home(prepared, tmp_path / "home"), tmp_path / "nowhere")


def test_an_interview_is_erased_with_a_receipt_that_can_be_read_later(story: Run, told_home: Path) -> None:
    assert files_with(told_home, "runbook")["runbook"]
    ran = story("erase", *SCREEN, *WHY, "--yes", "--json")
    assert (ran.code, ran.json["kind"], ran.json["by"], ran.json["reason"]) == (0, "interview", "Dana Reyes", "case 12")
    assert ran.json["counts"]["interviews"] == 1
    assert nowhere(told_home, "runbook", "routing service for three years")
    assert story("erase", "--receipts", "--json").json == [ran.json]
    assert ran.json["id"] in story("erase", "--receipts").out
    again = story("erase", *SCREEN, *WHY, "--yes", "--json")
    assert (again.code, again.json) == (0, ran.json)
    assert [i["name"] for i in story("search", "show", SLUG, "--json").json["interviews"]] == ["2-design"]


def test_nothing_is_erased_that_is_not_meant_or_not_named(story: Run) -> None:
    assert story("erase", *SCREEN, *WHY, stdin="n\n").code == 5
    assert story("erase", *SCREEN, "--yes").code == 5
    for unfit in (("--search", SLUG), ("--interview", "1-screen"), (*SCREEN, "--person", TOMAS), ()):
        ran = story("erase", *unfit, *WHY, "--yes")
        assert (ran.code, "names --search and --interview, or --person" in ran.err) == (6, True)
    assert story("erase", *SCREEN, "--reason", f"{TOMAS} asked", "--yes").code == 6
    assert story("erase", "--search", SLUG, "--interview", "9-none", *WHY, "--yes").code == 3
    assert story("erase", "--person", "Nobody At All", *WHY, "--yes").code == 3
    assert story("erase", "--receipts").out.strip() == "Nothing was erased yet."


def test_parts_are_shown_and_then_struck_out(story: Run, told_home: Path) -> None:
    here = ("redact", "1-screen", "--search", SLUG)
    shown = story(*here, "--words", "RUNBOOK", "--dry-run")
    assert (shown.code, "“runbook”" in shown.out) == (0, True)
    assert files_with(told_home, "runbook")["runbook"]
    assert story(*here, "--words", "runbook", *WHY, stdin="n\n").code == 5
    assert story(*here, "--words", "runbook", "--yes").code == 5
    ran = story(*here, "--words", "runbook", *WHY, "--yes", "--json")
    assert (ran.code, ran.json["kind"]) == (0, "redaction")
    assert nowhere(told_home, "runbook")
    assert story(*here, "--words", "runbook", *WHY, "--yes").code == 3
    for unfit in (("--utterance", "12"), ("--from", "0:10"), ("--from", "x", "--to", "y"), ()):
        assert story(*here, *unfit, *WHY, "--yes").code == 6, unfit
    assert "struck out of 1 transcript versions" in story("erase", "--receipts").out


def test_a_person_is_erased_and_the_name_is_nowhere(story: Run, told_home: Path) -> None:
    ran = story("erase", "--person", TOMAS, *WHY, stdin="y\n")
    assert (ran.code, "2 interviews" in ran.out, "1 names" in ran.out) == (0, True, True)
    assert nowhere(told_home, TOMAS)


def test_a_consent_is_given_shown_and_withdrawn(story: Run, tmp_path: Path) -> None:
    file = tmp_path / "8-phone.vtt"
    file.write_text(vtt([(TOMAS, "I led the move myself.")]))
    here = ("--search", SLUG, "--interview", "8-phone")
    taken = ("ingest", str(file), "--search", SLUG, "--candidate", TOMAS)
    given = story("consent", "give", *here, "--basis", "signed form", "--at", "2026-03-22", "--candidate", TOMAS, "--json")
    assert given.json["consent"]["at"].startswith("2026-03-22T00:00:00")
    assert story(*taken).code == 0
    assert "signed form" in story("consent", "show", *here).out
    withdrawn = story("consent", "withdraw", *here, *WHY, "--json")
    assert (withdrawn.code, withdrawn.json["kind"]) == (0, "withdrawal")
    assert story("consent", "show", *here, "--json").json["erasures"] == [withdrawn.json]
    refused = story(*taken, "--consent", "recorded-elsewhere")
    assert (refused.code, "not processed without a consent given since" in refused.err) == (5, True)
    told = ("consent", "give", *here, "--basis", "signed form", "--candidate", TOMAS)
    assert story(*told, "--at", "2026-03-23").code == 0
    assert story(*taken).code == 5
    future = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert story(*told, "--at", future).code == 4
    assert story(*told, "--at", "noon").code == 6
    assert story(*told).code == 0
    assert story(*taken).code == 0


def test_a_hold_is_placed_listed_and_lifted_and_refuses_meanwhile(story: Run) -> None:
    held = story("hold", "place", *SCREEN, "--reason", "case 7", "--by", "Counsel", "--json").json[0]
    refused = story("erase", *SCREEN, *WHY, "--yes")
    assert (refused.code, "on_hold" in refused.err) == (5, True)
    waits = story("consent", "withdraw", *SCREEN, *WHY)
    assert (waits.code, "processed any more, but a legal hold lasts" in waits.err) == (5, True)
    assert "lasts  by Counsel: case 7" in story("hold", "list").out
    assert "not finished" in story("erase", "--receipts").out
    lifted = story("hold", "lift", held["id"], "--json").json
    assert [e["kind"] for e in lifted["erased"]] == ["withdrawal"]
    assert lifted["hold"]["lifted_at"]
    assert story("hold", "lift", "hld-none").code == 3


def test_a_rule_of_retention_is_set_shown_tried_applied_and_ended(story: Run) -> None:
    assert story("retention", "show").out.strip() == "Nothing goes by its age."
    assert story("retention", "set", "interviews", "1", "--by", "Dana").code == 0
    assert "interviews go after 1 days" in story("retention", "show").out
    story("hold", "place", *DESIGN, "--reason", "case 7")
    tried = story("retention", "apply", "--dry-run")
    assert (tried.out.count("would go"), tried.out.count("stays: a legal hold lasts")) == (1, 1)
    assert len(story("search", "show", SLUG, "--json").json["interviews"]) == 2
    done = story("retention", "apply", "--json").json
    assert [c["stays"] for c in done if not c["erasure"]] == ["a legal hold lasts"]
    assert [i["name"] for i in story("search", "show", SLUG, "--json").json["interviews"]] == ["2-design"]
    assert story("retention", "set", "interviews", "0").out.strip() == "Nothing goes by its age."
    assert story("retention", "set", "everything", "1").code == 2


def test_a_region_has_a_policy_of_its_own(story: Run, tmp_path: Path) -> None:
    file = tmp_path / "8-phone.vtt"
    file.write_text(vtt([(TOMAS, "I led the move myself.")]))
    taken = ("ingest", str(file), "--search", SLUG, "--candidate", TOMAS, "--region", "US-TX")
    assert story("organisation", "consent", "opt_out", "--region", "US-TX", "--json").json == {"US-TX": "opt_out"}
    refused = story(*taken)
    assert (refused.code, "No notice to the candidate is on record" in refused.err) == (5, True)
    here = ("--search", SLUG, "--interview", "8-phone")
    assert story("consent", "give", *here, "--basis", "notice", "--candidate", TOMAS, "--region", "US-TX").code == 0
    assert story(*taken).code == 0


def test_all_of_it_is_the_same_through_a_server(beside: Beside) -> None:
    beside.same_words("consent", "give", *SCREEN, "--basis", "signed form", "--at", "2026-03-22")
    beside.same_words("consent", "show", *SCREEN)
    beside.same_words("retention", "set", "recordings", "30", "--by", "Dana")
    beside.same_words("retention", "show")
    beside.same_words("retention", "apply", "--dry-run")
    beside.same("organisation", "consent", "opt_out", "--region", "DE")
    beside.same_words("hold", "lift", "hld-none")
    for ran in (beside.local, beside.remote):
        held = ran("hold", "place", *DESIGN, *WHY, "--json").json
        assert held[0]["by"] == "Dana Reyes"
        assert ran("erase", "--person", TOMAS, *WHY, "--yes").code == 5
        erased = ran("erase", *SCREEN, *WHY, "--yes", "--json")
        assert (erased.code, erased.json["kind"], erased.json["by"]) == (0, "interview", "Dana Reyes")
        assert ran("erase", "--receipts", "--json").json == [erased.json]
        assert ran("consent", "withdraw", *DESIGN, *WHY).code == 5
        assert [e["kind"] for e in ran("hold", "lift", held[0]["id"], "--json").json["erased"]] == ["withdrawal"]
    assert nowhere(beside.served.home, "runbook", "warehouse people said")
    assert nowhere(beside.home, "runbook", "warehouse people said")
