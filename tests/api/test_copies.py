"""A person's copy: all that is held about one person, by the command and over the API, and of nobody else and no other organisation."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.cast import run_in
from tests.api.served import BAKER, DANA, INES, TOMAS, Served, put_baker, serving
from tests.api.test_serve_recordings import PARAMS, until_over
from tests.corpus.recordings import TWO_CHANNELS

OTHER = "Magda Okafor"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two searches with the candidate in both, and another candidate in the second."""
    with serving(tmp_path_factory.mktemp("copies") / "home", PLUMBLINE_JOBS__POLL_S="0.1") as served:
        with served.client() as client:
            for slug in (BAKER, "day-baker"):
                put_baker(client, slug, feedback=True)
            for name, candidate in (("call", TOMAS), ("other", OTHER)):
                place = f"/v1/searches/day-baker/interviews/{name}/recording"
                sound = TWO_CHANNELS.read_bytes() + b"\0" * (name == "other")
                params = {**PARAMS, "candidate": candidate, "speaker": f"Channel 2={candidate}"}
                until_over(client, client.put(place, params=params, content=sound).json()["capture"])
            asked = {"model": "debrief-referee", "messages": [{"role": "user", "content": "What did he say about the rye?"}]}
            client.post("/v1/chat/completions", json={**asked, "metadata": {"search": BAKER, "person": DANA}}).raise_for_status()
        yield served


def names_of(archive: zipfile.ZipFile) -> set[str]:
    return {n for n in archive.namelist() if "recording" not in n}


def test_a_candidates_copy_holds_every_interview_recording_and_conversation(home: Served) -> None:
    with home.client() as client:
        response = client.get(f"/v1/people/{TOMAS}/copy")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert archive.testzip() is None
    told = {"README.txt", "person.json", f"{BAKER}/conversations.jsonl"}
    told |= {
        f"{slug}/1-work/{n}"
        for slug in (BAKER, "day-baker")
        for n in ("interview.json", "transcript-1.json", "transcript-1.txt", "feedback.jsonl")
    }
    told |= {f"day-baker/call/{n}" for n in ("interview.json", "transcript-1.json", "transcript-1.txt", "captures.jsonl")}
    assert names_of(archive) == told
    (sound,) = [n for n in archive.namelist() if "recording" in n and not n.endswith(".json")]
    assert archive.read(sound) == TWO_CHANNELS.read_bytes()
    everything = b"".join(archive.read(n) for n in archive.namelist())
    assert OTHER.encode() not in everything
    assert json.loads(archive.read("person.json"))["name"] == TOMAS


def test_an_interviewers_copy_holds_their_own_words_and_writing_and_no_interview_of_others(home: Served) -> None:
    with home.client() as client:
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"/v1/people/{INES}/copy").content))
    assert names_of(archive) == {"README.txt", "person.json"} | {f"{s}/{n}.jsonl" for s in (BAKER, "day-baker") for n in ("said", "wrote")}
    said = [json.loads(line) for line in archive.read(f"{BAKER}/said.jsonl").splitlines()]
    assert {u["speaker"] for u in said} == {INES}


def test_only_an_administrator_of_that_organisation_gets_it(home: Served) -> None:
    with home.client(home.key(scopes="read,write")) as client:
        assert client.get(f"/v1/people/{TOMAS}/copy").status_code == 403
    with home.client(home.key(org="Globex")) as client:
        assert client.get(f"/v1/people/{TOMAS}/copy").status_code == 404
    assert not list(home.home.glob(".copy-*")), "nothing of a copy is left behind"


def test_the_command_writes_it_here_and_through_a_server_and_over_no_other_file(home: Served, tmp_path: Path) -> None:
    ran = run_in(("--server", home.url, "copy", TOMAS, "--out", str(tmp_path / "copy.zip")), tmp_path / "none", PLUMBLINE_KEY=home.key())
    assert ran.code == 0, ran.err
    assert zipfile.ZipFile(tmp_path / "copy.zip").testzip() is None
    assert (tmp_path / "copy.zip").stat().st_mode & 0o777 == 0o600
    again = run_in(("copy", TOMAS, "--out", str(tmp_path / "copy.zip")), tmp_path / "home")
    assert again.code == 4
    nobody = run_in(("copy", "Nobody", "--out", str(tmp_path / "nobody.zip")), tmp_path / "home")
    assert (nobody.code, (tmp_path / "nobody.zip").exists(), sorted(p.name for p in tmp_path.glob(".*"))) == (3, False, [])


def test_a_personal_key_gets_no_copy_since_a_candidate_may_be_known_beyond_its_searches(home: Served) -> None:
    with home.client(home.key(role="recruiter", person=DANA)) as client:
        refused = client.get(f"/v1/people/{TOMAS}/copy")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_request")
