"""A replay of several searches with a chat model: its client keeps connections, which end with the event loop that opened them."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree

import pytest

from tests.agents.wire import completion
from tests.api.conftest import Run

SAMPLE = Path(__file__).parents[2] / "corpus" / "samples" / "two-minutes"


class Keeping(BaseHTTPRequestHandler):
    """Answers every request with an empty reading, and keeps the connection, as real servers do."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = completion('{"lines": []}').encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Keeping)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("keeping")
def test_a_model_reads_every_search_of_a_replay_and_not_the_first_alone(plumbline: Run, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for n, folder in enumerate(folders):
        copytree(SAMPLE, folder)
        call = (folder / "intake.vtt").read_text(encoding="utf-8")
        (folder / "intake.vtt").write_text(call.replace("by six", f"by {n + 5}"), encoding="utf-8")
    ran = plumbline("replay", *map(str, folders), "--contract", "draft", "--model", "openai:kept", "--out", str(tmp_path / "out"))
    assert ran.code == 0, ran.err
    for folder in folders:
        drafted = json.loads((tmp_path / "out" / folder.name / "contract.json").read_text(encoding="utf-8"))
        assert (drafted["judged"], drafted["notes"]) == ({"read": "openai:kept"}, [])
