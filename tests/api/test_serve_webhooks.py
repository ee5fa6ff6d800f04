"""Webhooks over REST: made with a secret that is told once, told of what happens with a signature, and a log that anybody can follow."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from tests.api.served import BAKER, DANA, INES, WORK, Served, put_baker, serving

Heard = list[tuple[dict[str, str], bytes]]


@contextmanager
def _listening(statuses: list[int]) -> Iterator[tuple[str, Heard]]:
    """A hiring tool on loopback that answers with these statuses in turn, the last one from then on, and what it heard."""
    heard: Heard = []

    class Tool(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
            self.end_headers()
            heard.append((dict(self.headers), body))

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the tests' own output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tool)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that may tell addresses on this machine, and looks every tenth of a second."""
    home = tmp_path_factory.mktemp("telling") / "home"
    with serving(home, PLUMBLINE_WEBHOOKS__PRIVATE="true", PLUMBLINE_WEBHOOKS__POLL_S="0.1") as served:
        yield served


def _await(heard: Heard, count: int) -> None:
    for _ in range(200):
        if len(heard) >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"{len(heard)} of {count} deliveries came")


def test_what_happens_is_told_signed_and_logged(telling: Served) -> None:
    with _listening([200]) as (url, heard), telling.client() as client:
        made = client.post("/v1/webhooks", json={"url": url, "kinds": ["scorecard.added", "debrief.ready"]})
        assert made.status_code == 201
        assert made.json()["secret"] not in client.get("/v1/webhooks").text
        put_baker(client)
        card = {"as": INES, "interview": WORK, "grades": [{"criterion": "M1", "grade": 3}]}
        client.post(f"/v1/searches/{BAKER}/scorecards", json=card).raise_for_status()
        _await(heard, 2)
        told = [Webhook(made.json()["secret"]).verify(body, headers) for headers, body in heard]
        told.sort(key=lambda event: event["number"])  # events may arrive out of order; the number tells it
        assert [t["type"] for t in told] == ["scorecard.added", "debrief.ready"]
        for word in (INES, DANA, "rye", "oven", BAKER):
            assert word not in "".join(body.decode() for _, body in heard)
        log: list[dict[str, Any]] = []
        for _ in range(100):  # a line is written once the answer has come
            log = client.get(f"{made.headers['location']}/attempts").json()["items"]
            if len(log) == 2:
                break
            time.sleep(0.05)
        assert [(a["status"], a["error"]) for a in log] == [(200, ""), (200, "")]
        kinds = [e["kind"] for e in client.get("/v1/events").json()["items"]]
        assert kinds == ["interview.ingested", "scorecard.added", "debrief.ready"]


def test_a_webhook_that_is_ended_hears_nothing_more(telling: Served) -> None:
    with _listening([200]) as (url, heard), telling.client(telling.key(org="Ended")) as client:
        made = client.post("/v1/webhooks", json={"url": url}).headers["location"]
        assert client.delete(made).json()["ended_at"]
        put_baker(client)
        time.sleep(0.5)
        assert heard == []


def test_an_address_inside_the_network_is_refused_unless_the_operator_allows_it(served: Served) -> None:
    with served.client() as client:
        for url in (
            "http://127.0.0.1:1/x",
            "http://169.254.169.254/latest",
            "https://10.0.0.1/",
            "https://localhost/",
            "ftp://example.org/",
        ):
            response = client.post("/v1/webhooks", json={"url": url})
            assert response.status_code == 422, url


def test_webhooks_are_for_administrators_and_for_their_own_organisation(telling: Served) -> None:
    with _listening([200]) as (url, _), telling.client(telling.key(org="Mine")) as client:
        made = client.post("/v1/webhooks", json={"url": url}).headers["location"]
        with telling.client(telling.key(org="Mine", scopes="read,write")) as writer:
            assert writer.get("/v1/webhooks").json()["code"] == "missing_scope"
        with telling.client(telling.key(org="Theirs")) as other:
            assert other.get("/v1/webhooks").json()["items"] == []
            for response in (other.get(made), other.delete(made), other.get(f"{made}/attempts")):
                assert response.status_code == 404


def test_what_was_not_delivered_before_the_server_ended_is_delivered_after(tmp_path: Path) -> None:
    settings = {"PLUMBLINE_WEBHOOKS__PRIVATE": "true", "PLUMBLINE_WEBHOOKS__POLL_S": "0.1"}
    with serving(tmp_path / "home", **settings) as served:
        key = served.key()
        with _listening([503, 200]) as (url, heard):
            with served.client(key) as client:
                client.post("/v1/webhooks", json={"url": url, "kinds": ["interview.ingested"]}).raise_for_status()
                put_baker(client)
            _await(heard, 1)
            served.kill()
            served.start()
            _await(heard, 2)
            assert heard[0][1] == heard[1][1]
            assert heard[0][0]["webhook-id"] == heard[1][0]["webhook-id"]
            assert json.loads(heard[0][1])["type"] == "interview.ingested"
        assert httpx.get(f"{served.url}/healthz").status_code == 200
