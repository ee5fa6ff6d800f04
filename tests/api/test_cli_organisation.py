"""`plumbline organisation`: whose consents are kept where."""

from pathlib import Path

from tests.api.cast import SLUG, TOMAS, vtt
from tests.api.conftest import Run

TO = ("--search", SLUG, "--candidate", TOMAS)


def test_an_organisation_that_keeps_its_consents_elsewhere_takes_interviews_in_without_one_and_can_go_back(
    story: Run, tmp_path: Path
) -> None:
    one, two = tmp_path / "8-phone.vtt", tmp_path / "9-phone.vtt"
    for n, file in enumerate((one, two)):
        file.write_text(vtt([(TOMAS, f"I led the move number {n} myself.")]))
    assert story("organisation", "show", "--json").json["consent_policy"] == "required"
    assert story("ingest", str(one), *TO).code == 5
    assert story("organisation", "consent", "recorded_elsewhere").code == 0
    assert story("ingest", str(one), *TO).code == 0
    assert story("organisation", "consent", "required").code == 0
    refused = story("ingest", str(two), *TO)
    assert (refused.code, "consent_missing" in refused.err) == (5, True)


def test_a_policy_that_does_not_exist_is_refused_with_those_that_do(story: Run) -> None:
    ran = story("organisation", "consent", "never")
    assert ran.code == 2
    assert "recorded_elsewhere" in ran.err
