"""One queue over PostgreSQL: a machine takes recordings in, another hears them, and what a killed one held a third takes up."""

import time
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, text

from tests.api.served import BAKER, put_baker, serving
from tests.api.test_serve_recordings import put, until_over
from tests.congruence.conftest import fresh_postgres, postgres_server
from tests.corpus.recordings import PHONE, TWO_CHANNELS
from tests.qdrant_wire import Wire, wired

__all__ = ["postgres_server"]


def test_a_recording_taken_in_by_one_machine_is_heard_by_another_and_outlives_it(postgres_server: str, tmp_path: Path) -> None:
    with fresh_postgres(postgres_server) as url, wired() as wire:
        bare = url.replace("+psycopg", "")
        shared = {"STORE_URL": url, "CHECKPOINTS_URL": bare, "INDEX": wire.url, "JOBS__URL": url}
        shared |= {"MEDIA": str(tmp_path / "media"), "JOBS__POLL_S": "0.1"}
        given = {f"PLUMBLINE_{name}": value for name, value in shared.items()}
        with serving(tmp_path / "door", **{**given, "PLUMBLINE_JOBS__AT_ONCE": "0"}) as door:
            key = door.key()
            with door.client(key) as client:
                put_baker(client)
                capture = put(client, "call", PHONE).json()["capture"]
                time.sleep(1)
                assert client.get(f"/v1/captures/{capture}").json()["state"] == "waiting"
                with serving(tmp_path / "first", **given) as first:
                    _until_begun(client, capture)
                    first.kill()
                    with serving(tmp_path / "second", **given):
                        done = until_over(client, capture)
                        other = until_over(client, put(client, "other", TWO_CHANNELS).json()["capture"])
            assert (done["state"], sum(s["step"] == "kept" for s in done["steps"]), other["state"]) == ("done", 1, "done")
            words = max((u["text"] for u in done["utterances"]), key=len)
            assert {t.partition(".")[0] for t in _tables_with(url, capture)} >= {"public", "dbos"}
            assert _tables_with(url, words)
            with door.client(key) as client:
                # What one machine has indexed another finds, and no longer once a third has erased it.
                assert [h["interview"] for h in _found(client, words)][:1] == ["call"]
                held = client.get(f"/v1/searches/{BAKER}/interviews/call").json()["id"]
                assert held in _points(wire)
                gone = {"search": BAKER, "interview": "call", "reason": "case 12"}
                receipt = client.post("/v1/erasures", json=gone).json()
                assert receipt["done_at"]
                assert "call" not in {h["interview"] for h in _found(client, words)}
                assert held not in _points(wire)
            # Who asked for what stays on the audit log, by opaque ids.
            assert (_tables_with(url, words), _tables_with(url, capture)) == ([], ["public.audit_log"])
            assert len(list((tmp_path / "media").rglob("*"))) > 0  # the other interview's


def _found(client: httpx.Client, words: str) -> list[dict[str, Any]]:
    """The moments nearest to the words."""
    return list(client.get("/v1/moments", params={"q": words, "search": BAKER}).raise_for_status().json()["items"])


def _points(wire: Wire) -> str:
    """Everything that the index server holds, as it is stored."""
    names = ("plumbline-utterance", "plumbline-passage", "plumbline-cell")
    asked = {"limit": 10_000, "with_payload": True, "with_vector": False}
    return "".join(httpx.post(f"{wire.url}/collections/{name}/points/scroll", json=asked).raise_for_status().text for name in names)


def _tables_with(url: str, words: str) -> list[str]:
    """The tables of the database, by schema, of which some row holds the words in any column."""
    engine = create_engine(url)
    with engine.connect() as connection:
        listed = "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
        names = [row for row in connection.execute(text(listed)) if row[0] not in ("pg_catalog", "information_schema")]
        holds = 'select count(*) from "{}"."{}" as row where strpos(row::text, :words) > 0'
        found = [f"{s}.{t}" for s, t in names if connection.execute(text(holds.format(s, t)), {"words": words}).scalar_one()]
    engine.dispose()
    return sorted(found)


def _until_begun(client: httpx.Client, capture: str) -> None:
    deadline = time.monotonic() + 60
    while client.get(f"/v1/captures/{capture}").json()["state"] == "waiting":
        assert time.monotonic() < deadline
        time.sleep(0.02)
