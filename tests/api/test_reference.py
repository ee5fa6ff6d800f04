"""docs/cli.md is what the commands say of themselves."""

from alignment.settings import PREFIX, Settings
from api.reference import PLACE, reference


def test_the_reference_of_the_command_line_is_not_stale() -> None:
    assert PLACE.read_text(encoding="utf-8") == reference(), "run: make docs"


def test_every_command_exit_code_and_setting_stands_in_the_reference() -> None:
    told = reference()
    for command in ("search new", "search list", "search show", "ingest", "reindex", "find", "feedback add", "feedback list"):
        assert f"## `plumbline {command}`" in told
    for command in ("shape", "scorecard add", "replay", "demo"):
        assert f"## `plumbline {command}`" in told
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 130):
        assert f"| {code} | " in told
    for option in ("--json", "--as TEXT", "--date TEXT", "--correct TEXT", "--from PATH", "--limit NUMBER", "--accept", "--out PATH"):
        assert f"| `{option}` | " in told
    for setting in Settings.model_fields:
        assert f"`{PREFIX}{setting.upper()}" in told


def test_no_command_option_or_argument_goes_without_a_word() -> None:
    commands = reference().split("## Settings")[0]
    empty = [line for line in commands.splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert empty == []
