"""`plumbline watch` and a server that watches a folder: from a file put there to a transcript on record."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.cast import run_in
from tests.api.served import BAKER, PATIENCE_S, PLUMBLINE, TOMAS, Served, put_baker, serving
from tests.corpus.recordings import PHONE, TWO_CHANNELS


@pytest.fixture
def prepared_home(tmp_path: Path) -> Iterator[Served]:
    """A home on which the night baker's search is on record, and nobody serves it."""
    with serving(tmp_path / "home") as served:
        with served.client(served.key()) as client:
            put_baker(client)
        served.stop()
        yield served


def _put(folder: Path, file: Path, interview: str) -> None:
    folder.mkdir(exist_ok=True)
    said = {"candidate": TOMAS, "consent": "recorded-elsewhere"}
    (folder / f"{interview}.json").write_text(json.dumps(said), encoding="utf-8")
    shutil.copy(file, folder / f"{interview}{file.suffix}")


def test_a_watched_folder_is_heard_until_ctrl_c_which_ends_it_well(prepared_home: Served, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    _put(folder, PHONE, "2-call")
    environment = {**prepared_home.environment(), "PLUMBLINE_ORGANISATION": "Acme", "COLUMNS": "400", "PYTHONUNBUFFERED": "1"}
    command = [*PLUMBLINE, "watch", str(folder), "--search", BAKER, "--every", "0.2"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = [process.stdout.readline(), process.stdout.readline()]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        err = process.stderr.read()
    assert [line.strip() for line in told] == [
        "2-call.wav: It is taken in, and is going to be heard.",
        "2-call.wav: Its transcript is on record.",
    ]
    assert err.splitlines()[0].startswith("Watching ")
    assert err.splitlines()[-1].startswith("Stopped.")
    assert "Traceback" not in err


def test_a_server_watches_the_folder_of_its_settings_and_its_log_names_no_file(prepared_home: Served, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    _put(folder, TWO_CHANNELS, "2-call")
    (folder / "3-Rosalind.wav").write_text("No sound.", encoding="utf-8")
    more = {"PLUMBLINE_ORGANISATION": "Acme", "PLUMBLINE_JOBS__WATCH": f"{folder}:{BAKER}", "PLUMBLINE_JOBS__WATCH_S": "0.2"}
    with serving(prepared_home.home, **more) as served, served.client(served.key()) as client:
        until = time.monotonic() + PATIENCE_S
        place = f"/v1/searches/{BAKER}/interviews/2-call/transcript"
        while (response := client.get(place)).status_code == 404 and time.monotonic() < until:
            time.sleep(0.2)
        assert response.status_code == 200
        assert len({u["speaker"] for u in response.json()["utterances"]}) == 2
    assert "watched folder: refused" in served.log()
    assert "Rosalind" not in served.log()


def test_what_cannot_be_watched_is_told_at_once(prepared_home: Served, tmp_path: Path) -> None:
    missing = run_in(("watch", str(tmp_path / "nowhere"), "--search", BAKER), prepared_home.home)
    assert (missing.code, "no such folder" in missing.err) == (6, True)
    unknown = run_in(("watch", str(tmp_path), "--search", "nothing"), prepared_home.home)
    assert unknown.code == 3
    remote = run_in(("--server", "http://127.0.0.1:1", "watch", str(tmp_path), "--search", BAKER), tmp_path / "none")
    assert (remote.code, "runs on the machine" in remote.err) == (5, True)
