"""The server as its operator has it: how it starts, says that it is ready, and ends."""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.agents.silent import NAME, silence
from tests.api.conftest import Run
from tests.api.served import BAKER, INES, PLUMBLINE, TOMAS, WORK, Served, put_baker, serving

READY_S = 3.0


def test_it_is_ready_within_three_seconds_on_an_empty_home(tmp_path: Path) -> None:
    took = []
    for n in range(3):
        began = time.perf_counter()
        with serving(tmp_path / f"home-{n}") as served:
            took.append(time.perf_counter() - began)
            assert httpx.get(f"{served.url}/readyz").json() == {"status": "ok", "parts": {}}
    # The best of three is what the code takes; where others have the cores, it takes as much longer as there are others.
    assert min(took) < READY_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_it_answers_whether_it_lives_and_is_ready_without_a_key(served: Served) -> None:
    assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"
    assert httpx.get(f"{served.url}/readyz").status_code == 200


def test_its_meters_tell_of_routes_and_of_nobody(bakery: Served) -> None:
    with bakery.client() as client:
        client.get("/v1/searches/night-baker")
        told = client.get("/metrics").text
    assert 'plumbline_requests_total{method="GET",route="/v1/searches/{search}",status="200"}' in told
    assert "plumbline_turn_seconds" in told
    assert "night-baker" not in told
    assert "Acme" not in told


def test_its_meters_count_what_chat_models_were_asked_by_judgement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with silence(monkeypatch) as heard, serving(tmp_path / "home", PLUMBLINE_MODEL=NAME) as served, served.client() as client:
        put_baker(client, feedback=True)
        client.post(f"/v1/searches/{BAKER}/feedback/F1/shaping").raise_for_status()
        told = client.get("/metrics").text
    counted = re.findall(r'plumbline_model_requests_total\{judgement="(\w+)",model="openai:silent"\} (\d+)', told)
    assert {judgement for judgement, _ in counted} >= {"split", "weigh"}
    assert sum(int(n) for _, n in counted) == len(heard) > 0
    assert TOMAS not in told


def test_it_ends_with_success_at_sigterm_and_the_home_opens_again(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as served:
        key = served.key()
        with served.client(key) as client:
            put_baker(client)
        assert served.stop() == 0
        served.start()
        with served.client(key) as client:
            assert client.get("/v1/moments", params={"q": "the oven", "search": "night-baker"}).json()["items"]


def test_a_turn_that_is_under_way_at_sigterm_is_finished_and_answered(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as served:
        with served.client() as client:
            put_baker(client)
            answers: list[httpx.Response] = []
            body = {
                "model": "feedback-shaper",
                "messages": [{"role": "user", "content": "When the oven failed he moved the rye and still got the van out."}],
                "metadata": {"search": "night-baker", "person": INES, "interview": WORK},
            }
            asking = threading.Thread(target=lambda: answers.append(client.post("/v1/chat/completions", json=body)))
            asking.start()
            time.sleep(0.05)
            assert served.stop() == 0
            asking.join()
        assert answers[0].status_code == 200
        assert "“" in answers[0].json()["choices"][0]["message"]["content"]


def test_an_address_that_is_taken_is_refused_in_one_sentence(served: Served) -> None:
    ran = subprocess.run(
        [*PLUMBLINE, "serve", "--port", str(served.port)], capture_output=True, text=True, env=served.environment(), timeout=60
    )
    assert ran.returncode == 4
    assert "cannot be listened on" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_second_server_on_the_same_home_is_told_who_has_it(served: Served) -> None:
    ran = subprocess.run([*PLUMBLINE, "serve", "--port", "0"], capture_output=True, text=True, env=served.environment(), timeout=60)
    assert ran.returncode == 4
    assert "Another server serves this home" in ran.stderr


def test_a_command_beside_a_server_is_told_who_has_the_index(served: Served) -> None:
    ran = subprocess.run([*PLUMBLINE, "search", "list"], capture_output=True, text=True, env=served.environment(), timeout=60)
    assert ran.returncode == 7
    assert "index_busy" in ran.stderr


@pytest.mark.parametrize(
    "settings", [{}, {"PLUMBLINE_STORE_URL": "postgresql+psycopg://x@/y", "PLUMBLINE_CHECKPOINTS_URL": "postgresql://x@/y"}]
)
def test_several_workers_on_what_is_for_one_process_are_refused(settings: dict[str, str], tmp_path: Path) -> None:
    environment = Served(tmp_path / "home", settings).environment()
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--workers", "2", "--port", "0"]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert ran.returncode == 6
    assert "the embedded index" in ran.stderr
    assert ("an SQLite file" in ran.stderr) is (not settings)


def test_the_reference_names_what_serve_and_key_take(plumbline: Run) -> None:
    assert "--workers" in plumbline("serve", "--help").out
    assert "--scopes" in plumbline("key", "new", "--help").out


def test_no_key_and_no_word_of_the_record_comes_into_the_log(bakery: Served) -> None:
    key = bakery.key()
    with bakery.client(key) as client:
        client.get("/v1/moments", params={"q": "the oven that failed", "search": "night-baker"})
        client.post("/v1/searches/night-baker/questions", json={"as": INES, "question": "What about the rye?"})
        client.get("/v1/searches", headers={"Authorization": "Bearer plb_not-a-key"})
    log = bakery.log()
    assert '"what": "request"' in log
    for secret in (key, "plb_not-a-key", "oven that failed", "rye", INES, "Inés"):
        assert secret not in log
