"""Recordings over the API: taken in by content, followed while they are heard, found again after a crash."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from tests.api.served import BAKER, DANA, TOMAS, Served, put_baker, serving
from tests.corpus.recordings import PHONE, TWO_CHANNELS

PARAMS = {"candidate": TOMAS, "consent": "recorded-elsewhere", "file": "call.wav"}
PATIENCE_S = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "home", PLUMBLINE_JOBS__POLL_S="0.1") as served:
        with served.client() as client:
            put_baker(client)
        yield served


@pytest.fixture
def client(home: Served) -> Iterator[httpx.Client]:
    with home.client() as made:
        yield made


def put(client: httpx.Client, name: str, sound: Path, **more: Any) -> httpx.Response:
    place = f"/v1/searches/{BAKER}/interviews/{name}/recording"
    return client.put(place, params={**PARAMS, **more}, content=sound.read_bytes())


def until_over(client: httpx.Client, capture: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        row: dict[str, Any] = client.get(f"/v1/captures/{capture}").json()
        if row["state"] in ("done", "failed", "cancelled"):
            return row
        time.sleep(0.1)
    raise AssertionError(f"not over after {PATIENCE_S} s: {row}")


def test_a_recording_is_taken_in_followed_and_read(client: httpx.Client) -> None:
    taken = put(client, "call", TWO_CHANNELS, speaker=f"Channel 2={TOMAS}")
    assert (taken.status_code, taken.json()["state"]) == (202, "waiting")
    done = until_over(client, taken.json()["capture"])
    assert (done["state"], {u["speaker"] for u in done["utterances"]}) == ("done", {"Channel 1", TOMAS})
    assert all(0 <= u["confidence"] <= 1 for u in done["utterances"])
    assert client.get(taken.headers["location"]).json()["transcript"] == done["transcript"]
    again = put(client, "call", TWO_CHANNELS)
    assert (again.status_code, again.json()["capture"], again.json()["state"]) == (200, done["capture"], "done")
    said = client.get(f"/v1/searches/{BAKER}/interviews/call/transcript").json()
    assert (said["version"], said["source_format"]) == (1, "recording")


def test_its_progress_is_a_stream_that_ends_when_it_is_over(client: httpx.Client) -> None:
    capture = put(client, "streamed", PHONE).json()["capture"]
    with client.stream("GET", f"/v1/captures/{capture}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.iter_lines() if line]
    kinds = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    rows = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert (set(kinds[:-1]), kinds[-1], rows[-1]["state"]) == ({"progress"}, "over", "done")
    assert [r["done_s"] for r in rows] == sorted(r["done_s"] for r in rows)
    assert "hundred" not in json.dumps(rows), "the stream tells of progress and of no words"


@pytest.mark.parametrize(
    ("sound", "params", "status", "code"),
    [
        (b"", {}, 422, "bad_audio"),
        (b"Dana: good morning, everyone, shall we begin?", {}, 422, "bad_audio"),
        (PHONE.read_bytes()[:9000], {}, 422, "bad_audio"),
        (PHONE.read_bytes(), {"consent": ""}, 409, "consent_missing"),
        (PHONE.read_bytes(), {"candidate": ""}, 404, "not_found"),
        (PHONE.read_bytes(), {"speaker": "nobody"}, 422, "bad_request"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_a_sentence(client: httpx.Client, sound: bytes, params: Any, status: int, code: str) -> None:
    place = f"/v1/searches/{BAKER}/interviews/refused-{code}/recording"
    response = client.put(place, params={**PARAMS, **params}, content=sound)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert [c for c in client.get("/v1/captures").json()["items"] if c["interview"].startswith("refused")] == []
    opened = client.get(f"/v1/searches/{BAKER}/interviews/refused-{code}").status_code
    assert opened == 404, "what is refused leaves no interview behind"


def test_another_organisation_and_a_key_that_only_reads_do_nothing_to_it(home: Served, client: httpx.Client) -> None:
    capture = put(client, "mine", PHONE).json()["capture"]
    with home.client(home.key(org="Globex")) as other:
        for method, path in (("GET", ""), ("GET", "/events"), ("POST", "/cancellation"), ("POST", "/retry")):
            assert other.request(method, f"/v1/captures/{capture}{path}").status_code == 404
        assert other.get("/v1/captures").json()["items"] == []
    with home.client(home.key(scopes="read")) as reader:
        assert put(reader, "theirs", PHONE).status_code == 403
        assert reader.post(f"/v1/captures/{capture}/cancellation").status_code == 403
    assert until_over(client, capture)["state"] == "done"


def test_killed_at_ten_random_moments_it_ends_with_one_transcript(tmp_path: Path) -> None:
    drawn = Random(7)
    with serving(tmp_path / "home", PLUMBLINE_JOBS__POLL_S="0.1", PLUMBLINE_JOBS__CRASHES="100") as served:
        key = served.key()
        with served.client(key) as client:
            put_baker(client)
            capture = put(client, "call", PHONE).json()["capture"]
        for _ in range(10):
            time.sleep(drawn.uniform(0.0, 1.2))
            served.kill()
            served.start(served.port)
        with served.client(key) as client:
            done = until_over(client, capture)
            listed = client.get("/v1/captures").json()["items"]
            said = client.get(f"/v1/searches/{BAKER}/interviews/call/transcript").json()
            found = client.get("/v1/moments", params={"q": "the driver at night", "search": BAKER, "interview": "call"}).json()["items"]
        assert (done["state"], len(listed), said["version"]) == ("done", 1, 1)
        assert sum(s["step"] == "kept" for s in done["steps"]) == 1
        assert len({m["first"] for m in found}) == len(found) > 0


def test_a_recording_is_fetched_from_an_address_and_from_no_other_place_than_may_be_reached(tmp_path: Path) -> None:
    place = f"/v1/searches/{BAKER}/interviews/fetched/recording"
    told = {"candidate": TOMAS, "consent": "recorded-elsewhere"}
    with offering(PHONE.read_bytes()) as (url, asked), serving(tmp_path / "open", PLUMBLINE_WEBHOOKS__PRIVATE="true") as served:
        with served.client() as client:
            put_baker(client)
            taken = client.post(place, json={**told, "url": f"{url}/moved", "bearer": "token-of-the-tool"})
            assert (taken.status_code, until_over(client, taken.json()["capture"])["state"]) == (202, "done")
            assert asked == [("/moved", "Bearer token-of-the-tool"), ("/here", "Bearer token-of-the-tool")]
            for path in ("gone", "astray"):
                gone = client.post(place, json={**told, "url": f"{url}/{path}"})
                assert (gone.status_code, gone.json()["code"]) == (422, "bad_audio"), path
            for elsewhere in (
                "file:///etc/passwd",
                "http://169.254.169.254/latest",
                "https://user:pw@example.com/x",
                "nothing at all",
                "https://x.example:abc/a",
            ):
                refused = client.post(place, json={**told, "url": elsewhere})
                assert (refused.status_code, refused.json()["code"]) in ((422, "bad_request"), (422, "refused")), refused.text
        assert "token-of-the-tool" not in served.log()


def test_a_server_that_may_not_reach_its_own_network_fetches_nothing_from_it(client: httpx.Client) -> None:
    with offering(PHONE.read_bytes()) as (url, asked):
        place = f"/v1/searches/{BAKER}/interviews/private/recording"
        refused = client.post(place, json={"candidate": TOMAS, "consent": "recorded-elsewhere", "url": f"{url}/here"})
    assert (refused.json()["code"], asked) == ("refused", [])


@contextmanager
def offering(sound: bytes) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """An address that holds the recording at /here and leads there from /moved, and what it was asked with which bearer."""
    asked: list[tuple[str, str]] = []

    class Offering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Authorization", "")))
            self.send_response({"/here": 200, "/moved": 302, "/astray": 302}.get(self.path, 404))
            self.send_header("Location", "//[" if self.path == "/astray" else "/here")
            self.send_header("Content-Length", str(len(sound)) if self.path == "/here" else "0")
            self.end_headers()
            if self.path == "/here":
                self.wfile.write(sound)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the tests' own output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Offering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_personal_key_sees_the_recordings_of_its_own_searches_alone(home: Served, client: httpx.Client) -> None:
    told = {"slug": "elsewhere", "title": "Elsewhere", "recruiter": "Somebody Else"}
    client.post("/v1/searches", json=told).raise_for_status()
    place = "/v1/searches/elsewhere/interviews/call/recording"
    hidden = client.put(place, params={**PARAMS, "candidate": "Magda Okafor"}, content=TWO_CHANNELS.read_bytes()).json()["capture"]
    until_over(client, hidden)
    shown = put(client, "seen", TWO_CHANNELS).json()["capture"]
    with home.client(home.key(role="recruiter", person=DANA)) as dana:
        listed = {c["capture"] for c in dana.get("/v1/captures").json()["items"]}
        assert (shown in listed, hidden in listed) == (True, False)
        for method, path in (("GET", ""), ("GET", "/events"), ("POST", "/cancellation"), ("POST", "/retry")):
            assert dana.request(method, f"/v1/captures/{hidden}{path}").status_code == 404
        assert dana.get(f"/v1/captures/{shown}").status_code == 200
