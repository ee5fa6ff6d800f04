"""The commands against a server that fails, is gone, or loses its answers: one sentence and a code, and nothing done twice."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from alignment.errors import BadSettings
from api.remote import client
from api.remote.client import connect
from tests.api.beside import Beside
from tests.api.cast import DANA, HAMID, PRIYA, SLUG, Ran, copy_home, run_in, write_folder
from tests.api.served import PLUMBLINE, serving
from tests.api.unlucky import Line, line_to

HERE = ("--search", SLUG)
AMEND = ("contract", "amend", *HERE, "--as", PRIYA, "--reason", "The fleet is hired now", "--set")
ASK = ("ask", "Was he paged?", *HERE, "--as", DANA, "--json", "--thread")


@pytest.fixture
def beside(prepared: Path, tmp_path: Path) -> Iterator[Beside]:
    """The story's search on a server of one's own."""
    with serving(copy_home(prepared, tmp_path / "served")) as served:
        yield Beside(served, served.key(org="local"), tmp_path / "home", tmp_path / "nowhere")


@pytest.fixture
def line(beside: Beside) -> Iterator[Line]:
    """A line to it that may lose answers."""
    with line_to(beside.served.url) as made:
        yield made


def _nothing() -> None:
    """The answer is lost, and nothing else happens."""


def _told(ran: Ran, code: int, *words: str) -> None:
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1), ran
    for said in ("Error [", *words):
        assert said in ran.err


def test_a_server_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as was:
        url = f"http://127.0.0.1:{was.getsockname()[1]}"
    for command in (("search", "list"), ("contract", "sign", *HERE, "--as", DANA), ("key", "new")):
        ran = run_in(("--server", url, *command), tmp_path / "nowhere", PLUMBLINE_KEY="plb_x_y")
        _told(ran, 7, "[unavailable] The server cannot be reached", url, "whether it runs")


def test_a_key_that_is_wrong_missing_or_none_opens_nothing_and_is_not_repeated(beside: Beside) -> None:
    _told(beside.remote("search", "list", key="plb_wrong_secret"), 5, "[unauthenticated]")
    _told(beside.remote("search", "list", key=" "), 5, "[unauthenticated]", "PLUMBLINE_KEY")
    for odd in ("plb_ä_secret", "plb_a\nsecret"):
        ran = beside.remote("search", "list", key=odd)
        _told(ran, 6, "[bad_settings]", "PLUMBLINE_KEY")
        assert "secret" not in ran.err


def test_a_key_reaches_as_far_as_it_does_over_the_api(beside: Beside) -> None:
    reads = beside.served.key(org="local", scopes="read")
    assert beside.remote("search", "list", key=reads).code == 0
    _told(beside.remote("contract", "sign", *HERE, "--as", DANA, key=reads), 5, "[missing_scope]")
    _told(beside.remote("key", "list", key=reads), 5, "[missing_scope]")
    own = beside.served.key(org="local", role="interviewer", person=HAMID, scopes="read,write")
    _told(beside.remote("debrief", *HERE, "--as", DANA, key=own), 5, "[not_permitted]")
    assert {row["interviewer"] for row in beside.remote("feedback", "list", *HERE, "--json", key=own).json} == {HAMID}


@pytest.mark.parametrize(
    "command",
    [("backup", "--out", "y"), ("restore", "x"), ("demo",), ("models", "check"), ("reindex",), ("serve",), ("replay", "x", "--out", "y")],
    ids=" ".join,
)
def test_what_makes_no_sense_through_a_server_says_where_it_runs(tmp_path: Path, command: tuple[str, ...]) -> None:
    place, nowhere = "http://127.0.0.1:9", tmp_path / "nowhere"
    told = run_in(("--server", place, *command), nowhere, PLUMBLINE_KEY="plb_x_y")
    for ran in (told, run_in(command, nowhere, PLUMBLINE_KEY="plb_x_y", PLUMBLINE_SERVER=place)):
        _told(ran, 5, f"plumbline {command[0]} runs on the machine that holds the record")
    assert not nowhere.exists()


def test_the_environment_names_the_server_and_nothing_like_it(beside: Beside) -> None:
    ran = run_in(("search", "list"), beside.nowhere, PLUMBLINE_SERVER=beside.served.url, PLUMBLINE_KEY=beside.key)
    assert (ran.code, ran.out.split()[0]) == (0, SLUG)
    _told(run_in(("search", "list"), beside.nowhere, PLUMBLINE_SERVERS=beside.served.url), 6, "There is no setting PLUMBLINE_SERVERS")
    _told(run_in(("search", "list"), beside.served.home), 7, "[index_busy]", "--server URL")


def test_what_a_servers_settings_say_is_not_taken_from_an_option(beside: Beside) -> None:
    for args in (("shape", "F1", *HERE, "--model", "rules"), ("intake", *HERE, "--no-fallback"), ("key", "list", "--org", "Else")):
        _told(beside.remote(*args), 6, "is not for a server to be told")


@pytest.mark.parametrize(
    "url", ["plumbline", "ftp://127.0.0.1", "http://", "https://dana:secret@127.0.0.1", "http://127.0.0.1/?key=secret"]
)
def test_what_is_no_address_is_told_and_no_secret_of_it(tmp_path: Path, url: str) -> None:
    ran = run_in(("--server", url, "search", "list"), tmp_path / "nowhere", PLUMBLINE_KEY="plb_x_y")
    _told(ran, 6, "[bad_settings]", "--server")
    assert "secret" not in ran.err


def test_http_to_another_machine_is_warned_of_and_https_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    for url, warned in (
        ("http://plumbline.example.com", True),
        ("http://192.0.2.7:8000", True),
        ("https://plumbline.example.com", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://localhost:8000", False),
    ):
        connect(url, "plb_x_y").close()
        assert ("use https" in capsys.readouterr().err) is warned, url
    with pytest.raises(BadSettings):
        connect("localhost:8000", "plb_x_y")


def test_what_does_not_speak_tls_is_not_spoken_to_as_if_it_did(beside: Beside) -> None:
    _told(beside.remote("search", "list", url=beside.served.url.replace("http:", "https:")), 7, "[unavailable]", "cannot be reached")


def test_what_answers_and_is_not_plumbline_is_told_so(beside: Beside) -> None:
    with line_to(f"{beside.served.url}/metrics?") as elsewhere:
        _told(beside.remote("search", "list", url=elsewhere.url), 6, "is not Plumbline's API")
    with line_to(f"{beside.served.url}/healthz?") as other:
        _told(beside.remote("search", "list", url=other.url), 6, "not as this command line knows it", "the same version")
        _told(beside.remote("organisation", "show", url=other.url), 6, "not as this command line knows it")


def test_every_page_of_a_list_is_read(beside: Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside.remote("ingest", str(write_folder(tmp_path / "second")), "--consent", "recorded-elsewhere")
    monkeypatch.setattr(client, "PAGE", 1)
    assert [s["slug"] for s in beside.remote("search", "list", "--json").json] == ["second", SLUG]
    assert [f["name"] for f in beside.remote("feedback", "list", *HERE, "--json").json] == ["F1", "F2"]


def test_a_write_whose_answer_is_lost_is_done_once(beside: Beside, line: Line) -> None:
    line.lost = [_nothing, _nothing]
    amended = beside.remote(*AMEND, "M2=Has let a supplier go", "--json", url=line.url)
    assert (amended.code, amended.json["version"]) == (0, 2), amended.err
    assert (len(line.keys), len(set(line.keys))) == (3, 1)
    line.lost = [_nothing]
    assert beside.remote(*ASK, "lost", url=line.url).json["number"] == 1
    assert beside.remote(*ASK, "lost", url=line.url).json["number"] == 2, "asked again by another command, it is another question"


def test_a_server_that_is_killed_before_it_answers_does_nothing_twice(beside: Beside, line: Line) -> None:
    def killed() -> None:
        port = beside.served.port
        beside.served.kill()
        beside.served.start(port)

    for thread, command, seen in (("one", (*ASK, "one"), "number"), ("two", (*AMEND, "M3=Has taught two people", "--json"), "version")):
        line.lost = [killed]
        ran = beside.remote(*command, url=line.url)
        assert ran.code == 0, (thread, ran.err)
        assert ran.json[seen] == (1 if seen == "number" else 2)
    assert beside.remote(*ASK, "one").json["number"] == 2
    assert beside.remote("contract", "show", *HERE, "--json").json["version"] == 2


def test_a_key_whose_answer_is_lost_is_not_made_again(beside: Beside, line: Line) -> None:
    before = len(beside.remote("key", "list", "--json").json)
    line.lost = [_nothing]
    _told(beside.remote("key", "new", url=line.url), 7, "look before doing it again")
    assert len(beside.remote("key", "list", "--json").json) == before + 1


def test_a_server_that_asks_for_patience_is_asked_again(beside: Beside, line: Line) -> None:
    line.refused = [(503, "stopping", 0), (429, "too_many", 1), (409, "underway", 0)]
    assert beside.remote("contract", "sign", *HERE, "--as", DANA, url=line.url).code == 0
    assert (len(line.keys), len(set(line.keys))) == (4, 1)
    line.refused = [(503, "store_down", 0)] * client.ATTEMPTS
    _told(beside.remote("contract", "sign", *HERE, "--as", PRIYA, url=line.url), 7, "[store_down] Not now.")


def test_ctrl_c_ends_a_command_that_waits_for_a_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"http://127.0.0.1:{silent.getsockname()[1]}"
        variables = {"PLUMBLINE_HOME": str(tmp_path / "nowhere"), "PLUMBLINE_SERVER": place, "PLUMBLINE_KEY": "plb_x_y"}
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            command = [*PLUMBLINE, "ask", "Was he paged?", *HERE, "--as", DANA]
            waiting = subprocess.Popen(command, env={**os.environ, **variables}, stderr=subprocess.PIPE, text=True)
        finally:
            signal.signal(signal.SIGINT, before)
        held, _ = silent.accept()
        with held:
            assert held.recv(9).startswith(b"POST /v1/")
            waiting.send_signal(signal.SIGINT)
            _, told = waiting.communicate(timeout=20)
    assert (waiting.returncode, told.splitlines()[-1][:8]) == (130, "Stopped.")


def test_a_problem_that_this_command_line_does_not_know_is_told_all_the_same(beside: Beside, line: Line) -> None:
    line.refused = [(418, "of_the_future", 0)]
    _told(beside.remote("contract", "sign", *HERE, "--as", DANA, url=line.url), 1, "[plumbline_error] Not now.")
