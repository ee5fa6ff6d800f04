"""Transcripts are read for the scorers by other code than the product's importers, so that an importer that invents words is seen."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from agents import ingestion
from agents.ingestion import read_file
from alignment.errors import BadTranscript
from corpus.importers import Parsed, read_transcript
from evals.case import Batch
from evals.figures import figures
from evals.running.conditions import Conditions
from evals.scorers import captions
from evals.scorers.captions import NOBODY, said_in
from evals.scorers.quotes import Said, said_of
from evals.sources import SAMPLES, Sources
from evals.suites import intake, searches, shaping, verification

SEARCH, CALL = "warehouse-shift-lead", "bakery-night-supervisor"
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "searches"


def written(tmp_path: Path, text: str, name: str = "1-site.vtt") -> list[Said]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return said_in(tmp_path / name)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("1\n00:01.500 --> 00:02.000\n<v Ines Baptista>Salt &amp; vinegar,\nplease.</v>", [("Ines Baptista", "Salt & vinegar, please.")]),
        ("00:01.500 --> 00:02.000\n<v.loud Ines>One <i>crate</i>.</v><v Ruben>Two.", [("Ines", "One crate."), ("Ruben", "Two.")]),
        ("00:01.500 --> 00:02.000\nInes Baptista: One thing: the van.", [("Ines Baptista", "One thing: the van.")]),
        ("00:01.500 --> 00:02.000\nAnd one thing: the van.", [(NOBODY, "And one thing: the van.")]),
        ("00:01.500 --> 00:02.000 align:start\nInes Low: Yes.\nRuben Low: No.", [("Ines Low", "Yes."), ("Ruben Low", "No.")]),
        ("NOTE 00:00 nothing\n\n00:01.500 --> 00:02.000\n\n00:01.500 --> 00:02.000\nYes.", [(NOBODY, "Yes.")]),
    ],
)
def test_voices_names_and_entities_of_a_cue_are_read(tmp_path: Path, body: str, said: list[tuple[str, str]]) -> None:
    assert written(tmp_path, f"WEBVTT\n\n{body}\n") == [Said(who, 1.5, 2.0, text) for who, text in said]


def test_cues_of_one_speaker_in_a_row_are_one_turn_and_a_name_holds_until_the_next(tmp_path: Path) -> None:
    rows = ("Ines: Good morning.", "It was wet.", "Ruben: And then?", "Ines: Nothing.", "Ruben: Well.")
    cues = "\n\n".join(f"{n}\n01:00:0{n},000 --> 01:00:0{n},500\n{row}" for n, row in enumerate(rows, 1))
    assert written(tmp_path, cues, "1-site.srt")[:2] == [
        Said("Ines", 3601.0, 3602.5, "Good morning. It was wet."),
        Said("Ruben", 3603.0, 3603.5, "And then?"),
    ]


def test_plain_segments_are_read_here_and_other_formats_by_the_products_own_reader(tmp_path: Path) -> None:
    own = '{"segments": [{"speaker": "Ines", "start": 1, "end": 2, "text": "Seven  crates."}]}'
    assert written(tmp_path, own, "1-site.json") == [Said("Ines", 1.0, 2.0, "Seven crates.")]
    otter = written(tmp_path, "Ines  0:01\nSeven crates.\n\nRuben  0:09\nSeven?\n", "1-site.txt")
    assert [u.text for u in otter] == ["Seven crates.", "Seven?"]
    with pytest.raises(BadTranscript):
        written(tmp_path, "[]", "1-site.json")


def test_the_scorers_reader_and_the_importers_agree_on_every_transcript_of_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    roots = [SAMPLES, SHARED] if SHARED.is_dir() else [SAMPLES]
    files = [p for root in roots for end in ("vtt", "srt", "json") for p in root.rglob(f"interviews/*.{end}")]
    files += [p for root in roots for p in root.rglob("intake.vtt")]
    monkeypatch.setattr(captions, "read_file", lambda path: pytest.fail(f"{path} was left to the product"))
    assert len(files) > 12
    for path in files:
        if path.suffix != ".json" or '"words"' not in path.read_text(encoding="utf-8"):
            assert said_in(path) == said_of(read_file(path)), path


@pytest.fixture
def inventive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importers that lay a word in everybody's mouth."""
    real = read_transcript

    def adds(data: bytes, where: str) -> Parsed:
        parsed = real(data, where=where)
        said = tuple(u.model_copy(update={"text": u.text.replace(" the ", " the splendid ")}) for u in parsed.utterances)
        return replace(parsed, utterances=said)

    monkeypatch.setattr(ingestion, "read_transcript", adds)


async def test_an_importer_that_adds_words_is_seen_in_what_is_cited_for_claims(tmp_path: Path, inventive: None) -> None:
    shutil.copytree(SAMPLES / "searches" / SEARCH, tmp_path / SEARCH)
    (batch,) = shaping.SUITE.batches(Sources((tmp_path,)), 7)
    few = Batch(batch.kind, batch.source, batch.digest, batch.cases[:6])
    found = figures(shaping.SUITE.metrics, [o async for o in searches.hold(few, Conditions())], 7)
    assert found["citations_fabricated"].value > 0  # type: ignore[operator]


async def test_an_importer_that_adds_words_is_seen_in_the_quotes_of_a_drafted_contract(tmp_path: Path, inventive: None) -> None:
    shutil.copytree(SAMPLES / "intakes" / "first" / CALL, tmp_path / CALL)
    (batch,) = intake.batches(Sources((tmp_path,)), 7)
    found = figures(intake.METRICS, [o async for o in intake.hold_call(batch, Conditions())], 7)
    assert found["quotes_not_verbatim"].value > 0  # type: ignore[operator]


async def test_an_importer_that_adds_words_is_seen_where_altered_quotes_are_drawn(
    tmp_path: Path, inventive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST", 60)
    shutil.copytree(SAMPLES / "searches" / SEARCH, tmp_path / SEARCH)
    (batch,) = verification.batches(Sources((tmp_path,)), 7)
    found = figures(verification.metrics(), [o async for o in verification.hold_files(batch, Conditions())], 7)
    assert found["true_refused"].value > 0  # type: ignore[operator]
