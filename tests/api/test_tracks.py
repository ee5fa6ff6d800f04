"""A conference tool's speaker track: with a recording, or for a transcript that is there, here and through a server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.beside import Beside
from tests.api.cast import HAMID, SLUG, TOMAS, copy_home
from tests.api.served import serving
from tests.corpus.recordings import PHONE

AT = 4.0


@pytest.fixture(scope="module")
def beside(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """The story's search on record, twice."""
    place = tmp_path_factory.mktemp("tracks")
    with serving(copy_home(prepared, place / "served")) as served:
        yield Beside(served, served.key(org="local"), copy_home(prepared, place / "home"), place / "nowhere")


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hamid until four seconds in, then Tomás."""
    path = tmp_path_factory.mktemp("track") / "turns.json"
    turns = [{"speaker": HAMID, "start": 0, "end": AT}, {"speaker": TOMAS, "start": AT, "end": 3600}]
    path.write_text(json.dumps(turns), encoding="utf-8")
    return path


def test_a_recording_with_a_track_is_told_apart_by_it(beside: Beside, track: Path) -> None:
    about = ("--search", SLUG, "--interview", "7-call", "--candidate", TOMAS, "--consent", "recorded-elsewhere")
    ways = [run("capture", str(PHONE), *about, "--track", str(track), "--json") for run in (beside.local, beside.remote)]
    assert [w.code for w in ways] == [0, 0], [w.err for w in ways]
    assert ways[0].json["utterances"] == ways[1].json["utterances"]
    for told in (w.json for w in ways):
        assert told["version"] == 1
        named = {u["speaker"] for u in told["utterances"]}
        assert {HAMID, TOMAS} <= named <= {HAMID, TOMAS, "unknown speaker"}
        assert all(u["end_s"] <= AT + 1 for u in told["utterances"] if u["speaker"] == HAMID)
        assert all(u["start_s"] >= AT - 1 for u in told["utterances"] if u["speaker"] == TOMAS)
    again = beside.same("speakers", "7-call", "--search", SLUG, "--track", str(track))
    assert (again["new"], again["version"]) == (False, 1)
    same = [run("capture", str(PHONE), *about, "--track", str(track), "--json").json for run in (beside.local, beside.remote)]
    assert [(told["state"], told["version"]) for told in same] == [("done", 1)] * 2


def test_without_a_search_it_is_printed_with_the_tracks_names(beside: Beside, track: Path) -> None:
    told = beside.local("capture", str(PHONE), "--track", str(track), "--json")
    assert told.code == 0, told.err
    assert {HAMID, TOMAS} <= {u["speaker"] for u in told.json["utterances"]}


def test_what_is_no_track_or_cannot_be_used_is_refused_in_the_same_words(beside: Beside, track: Path, tmp_path: Path) -> None:
    empty = tmp_path / "none.json"
    empty.write_text("[]", encoding="utf-8")
    here = ("speakers", "1-screen", "--search", SLUG)
    for given in (("--track", str(empty)), ("--track", str(tmp_path / "nowhere.vtt")), ("--track", str(track), "--is", "x=y")):
        assert beside.same_words(*here, *given).code == 6, given
    assert beside.same_words("speakers", "9-none", "--search", SLUG, "--track", str(track)).code == 3
