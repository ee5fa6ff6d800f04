"""Two servers over one PostgreSQL: a conversation stands in both, one turn after the other, and survives the death of either.

The index of each is the server engine's own code in memory, since no Qdrant server can be had here: what one takes in, the other finds
after its next start.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.api.served import BAKER, DANA, INES, WORK, Served, put_baker, serving
from tests.congruence.conftest import fresh_postgres, postgres_server

__all__ = ["postgres_server"]
TEXT = "When the oven failed he moved the rye to the small one and still got the van out."


@pytest.fixture(scope="module")
def pair(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served, str]]:
    """Two servers, and a key that both know."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_postgres(postgres_server))
        settings = {"STORE_URL": url, "CHECKPOINTS_URL": url.replace("+psycopg", ""), "INDEX": ":memory:"}
        place = tmp_path_factory.mktemp("pair")
        given = {f"PLUMBLINE_{name}": value for name, value in settings.items()}
        one = stack.enter_context(serving(place / "one", **given))
        key = one.key()
        with one.client(key) as client:
            put_baker(client)
        yield one, stack.enter_context(serving(place / "two", **given)), key


def _ask(client: httpx.Client, text: str, thread: str, key: str) -> dict[str, Any]:
    body = {
        "model": "debrief-referee",
        "messages": [{"role": "user", "content": text}],
        "metadata": {"search": BAKER, "person": DANA, "thread": thread},
    }
    response = client.post("/v1/chat/completions", json=body, headers={"Idempotency-Key": key})
    response.raise_for_status()
    told: dict[str, Any] = response.json()["choices"][0]["message"]["plumbline"]
    return told


def test_turns_of_one_conversation_through_two_servers_are_counted_in_a_row(pair: tuple[Served, Served, str]) -> None:
    one, two, key = pair
    with one.client(key) as first, two.client(key) as second, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(_ask, (first, second)[n % 2], f"Was M1 tested? ({n})", "both", f"k-{n}") for n in range(12)]
        assert sorted(a.result()["number"] for a in asked) == list(range(1, 13))


def test_a_request_that_one_answered_is_not_done_again_by_the_other(pair: tuple[Served, Served, str]) -> None:
    one, two, key = pair
    with one.client(key) as first, two.client(key) as second:
        assert _ask(first, "Was M2 tested?", "again", "same")["number"] == 1
        assert _ask(second, "Was M2 tested?", "again", "same")["number"] == 1
        told = {"as": INES, "interview": WORK, "text": TEXT}
        made = first.post(f"/v1/searches/{BAKER}/feedback", json=told, headers={"Idempotency-Key": "x"})
        again = second.post(f"/v1/searches/{BAKER}/feedback", json=told, headers={"Idempotency-Key": "x"})
        assert again.headers["idempotency-replayed"] == "true"
        assert again.text == made.text


def test_what_one_shaped_the_other_settles_after_it_was_killed(pair: tuple[Served, Served, str]) -> None:
    one, two, key = pair
    body: dict[str, Any] = {
        "model": "feedback-shaper",
        "messages": [{"role": "user", "content": TEXT + " Twice."}],
        "metadata": {"search": BAKER, "person": INES, "interview": WORK},
    }
    with one.client(key) as first:
        told = first.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]["plumbline"]
    one.kill()
    accept = {**body, "messages": [{"role": "user", "content": "accept all"}], "metadata": {**body["metadata"], "thread": told["thread"]}}
    with two.client(key) as second:
        assert second.post("/v1/chat/completions", json=accept).json()["choices"][0]["message"]["plumbline"]["done"]
        assert httpx.get(f"{two.url}/readyz").status_code == 200
    one.start()
