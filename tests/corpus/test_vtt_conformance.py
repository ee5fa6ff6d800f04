import json
from pathlib import Path
from typing import Any

import pytest

from alignment.errors import BadTranscript
from corpus.importers import read_transcript
from corpus.importers.cues import parse_webvtt_cues

SUITE = Path(__file__).parents[2].parent / "shared" / "data" / "vtt_conformance"
pytestmark = pytest.mark.skipif(not SUITE.exists(), reason="the conformance files are not part of the repository")


def cases() -> list[Any]:
    if not SUITE.exists():
        return []
    rows = [json.loads(line) for line in (SUITE / "expected.jsonl").read_text().splitlines()]
    return [pytest.param(row["vtt"], row["cues"], id=row["vtt"]) for row in rows]


@pytest.mark.parametrize(("name", "expected"), cases())
def test_the_cue_parser_agrees_with_the_reference_on_ids_times_and_text(name: str, expected: list[dict[str, Any]]) -> None:
    text = (SUITE / "files" / name).read_bytes().decode("utf-8", errors="replace")
    assert [(c.id, c.start_s, c.end_s, c.text) for c in parse_webvtt_cues(text)] == [
        (c["id"], c["start"], c["end"], c["text"]) for c in expected
    ]


@pytest.mark.parametrize(("name", "expected"), cases())
def test_a_file_without_cues_is_refused_and_any_other_is_imported_or_names_its_line(name: str, expected: list[dict[str, Any]]) -> None:
    data = (SUITE / "files" / name).read_bytes()
    if not expected:
        with pytest.raises(BadTranscript, match=r"line \d+|empty"):
            read_transcript(data, where=name)
        return
    assert read_transcript(data, where=name).utterances[0].start_s == min(c["start"] for c in expected)


def test_the_suite_is_whole() -> None:
    assert len(cases()) == 234
