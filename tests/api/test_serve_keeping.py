"""Erasure, withdrawal, holds and retention over REST: scopes, receipts, keys, and nothing left in the home of a running server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agents.erasure_cast import files_with, nowhere
from tests.api.served import BAKER, DANA, SAMPLES, TOMAS, WORK, Served, put_baker, serving

VTT = SAMPLES / "two-minutes" / "interviews" / "1-work.vtt"
HERE = f"/v1/searches/{BAKER}/interviews/{WORK}"
ERASE = {"search": BAKER, "interview": WORK, "reason": "case 12", "as": DANA}


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[Served]:
    """A server of the test's own with the night baker on record."""
    with serving(tmp_path / "served") as made:
        with made.client(made.key(org="Acme")) as client:
            put_baker(client, feedback=True)
            client.post(f"/v1/searches/{BAKER}/feedback/F1/shaping").raise_for_status()
            asked = {"as": DANA, "question": "What did he do about the sourdough oven?"}
            client.post(f"/v1/searches/{BAKER}/questions", json=asked, headers={"Idempotency-Key": "q-1"}).raise_for_status()
        yield made


def test_an_erasure_over_rest_leaves_no_byte_and_its_answer_can_be_asked_for_again(bakery: Served) -> None:
    with bakery.client(bakery.key(org="Acme")) as client:
        said = max(client.get(f"{HERE}/transcript").json()["utterances"], key=lambda u: len(u["text"]))["text"]
        words = [" ".join(said.split()[:6]), "sourdough oven"]
        assert all(files_with(bakery.home, *words).values())
        once = {"Idempotency-Key": "erase-1"}
        made = client.post("/v1/erasures", json=ERASE, headers=once)
        assert made.status_code == 201
        receipt = made.json()
        assert (receipt["by"], receipt["kind"], receipt["counts"]["interviews"]) == (DANA, "interview", 1)
        assert nowhere(bakery.home, *words)
        again = client.post("/v1/erasures", json=ERASE, headers=once)
        assert (again.json(), again.headers["Idempotency-Replayed"]) == (receipt, "true")
        assert client.post("/v1/erasures", json=ERASE).json() == receipt
        assert client.get(made.headers["Location"]).json() == receipt
        assert client.get("/v1/erasures").json()["items"] == [receipt]
        assert client.get(f"{HERE}/transcript").status_code == 404
        audit = client.get("/v1/audit", params={"limit": 200}).json()["items"]
        assert [a["person"] for a in audit if a["action"] == "POST /v1/erasures"] == [DANA, "", DANA]  # the second was replayed
        assert client.get("/v1/audit/chain").json()["whole"]
    bakery.stop()
    assert nowhere(bakery.home, *words)


def test_erasing_holding_and_retention_need_the_scope_admin_and_a_withdrawal_does_not(bakery: Served) -> None:
    with bakery.client(bakery.key(org="Acme", scopes="read,write")) as writer:
        for method, path, body in (
            ("POST", "/v1/erasures", ERASE),
            ("GET", "/v1/erasures", None),
            ("POST", "/v1/holds", {"search": BAKER, "interview": WORK, "reason": "case 7"}),
            ("PUT", "/v1/retention/interviews", {"days": 1}),
            ("POST", "/v1/retention/applications", {}),
            ("PUT", "/v1/organisation/regions/DE", {"consent_policy": "required"}),
        ):
            told = writer.request(method, path, json=body)
            assert (told.status_code, told.json()["code"]) == (403, "missing_scope"), path
        withdrawn = writer.post(f"{HERE}/consents/withdrawal", json={"reason": "letter of May", "as": DANA})
        assert (withdrawn.status_code, withdrawn.json()["kind"]) == (200, "withdrawal")
        assert [e["id"] for e in writer.get(f"{HERE}/consents").json()["erasures"]] == [withdrawn.json()["id"]]
        taken = writer.put(f"{HERE}/transcript", params={"candidate": TOMAS, "consent": "recorded-elsewhere"}, content=VTT.read_bytes())
        assert (taken.status_code, taken.json()["code"]) == (409, "consent_missing")
    with bakery.client(bakery.key(org="Acme", role="interviewer", scopes="read,write,admin", person="Inés Duarte")) as ines:
        assert ines.post("/v1/erasures", json=ERASE).status_code == 403
        assert ines.post(f"{HERE}/consents/withdrawal", json={"reason": "x"}).status_code == 403


def test_under_a_hold_an_erasure_is_refused_and_a_withdrawal_waits_for_its_end(bakery: Served) -> None:
    with bakery.client(bakery.key(org="Acme")) as client:
        hold = client.post("/v1/holds", json={"search": BAKER, "interview": WORK, "reason": "case 7", "as": "Counsel"}).json()
        for path, body in (("/v1/erasures", ERASE), (f"{HERE}/consents/withdrawal", {"reason": "letter of May"})):
            refused = client.post(path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
        (waiting,) = client.get("/v1/erasures").json()["items"]
        assert (waiting["kind"], waiting["done_at"]) == ("withdrawal", None)
        told = {"as": "Inés Duarte", "interview": WORK, "text": "He was late."}
        assert client.post(f"/v1/searches/{BAKER}/feedback", json=told).json()["code"] == "consent_missing"
        assert [h["id"] for h in client.get("/v1/holds", params={"lasting": True}).json()["items"]] == [hold["id"]]
        lifted = client.delete(f"/v1/holds/{hold['id']}").json()
        assert [(e["id"], bool(e["done_at"])) for e in lifted["erased"]] == [(waiting["id"], True)]
        assert client.get("/v1/holds", params={"lasting": True}).json()["items"] == []


def test_a_personal_key_sees_and_lifts_no_hold_of_a_search_that_is_not_its_persons(bakery: Served) -> None:
    with bakery.client(bakery.key(org="Acme")) as client:
        hold = client.post("/v1/holds", json={"search": BAKER, "interview": WORK, "reason": "case 8", "as": "Counsel"}).json()
        other = {"slug": "elsewhere-held", "title": "Elsewhere", "recruiter": "Somebody Else"}
        client.post("/v1/searches", json=other).raise_for_status()
        with bakery.client(bakery.key(org="Acme", role="recruiter", scopes="read,write,admin", person="Somebody Else")) as somebody:
            assert somebody.get("/v1/holds").json()["items"] == []
            assert [somebody.request(m, f"/v1/holds/{hold['id']}").status_code for m in ("GET", "DELETE")] == [404, 404]
            assert somebody.post("/v1/retention/applications", json={"dry_run": True, "as": "x"}).status_code == 422
        assert client.get("/v1/holds", params={"lasting": True}).json()["items"] == [hold]
        client.delete(f"/v1/holds/{hold['id']}").raise_for_status()


def test_parts_are_struck_out_over_rest_after_a_look_at_what_that_reaches(bakery: Served) -> None:
    with bakery.client(bakery.key(org="Acme")) as client:
        said = max(client.get(f"{HERE}/transcript").json()["utterances"], key=lambda u: len(u["text"]))
        words = " ".join(said["text"].split()[:6])
        assert files_with(bakery.home, words)[words]
        seen = client.post(f"{HERE}/redactions/preview", json={"words": [words]}).json()
        assert [line["text"] for line in seen["struck"]] == [words]
        assert files_with(bakery.home, words)[words]
        once = {"Idempotency-Key": "redact-1"}
        made = client.post(f"{HERE}/redactions", json={"words": [words], "reason": "case 12", "as": DANA}, headers=once)
        assert (made.status_code, made.json()["kind"], made.json()["counts"]["utterances"]) == (201, "redaction", 1)
        assert client.get(made.headers["Location"]).json() == made.json()
        again = client.post(f"{HERE}/redactions", json={"words": [words], "reason": "case 12", "as": DANA}, headers=once)
        assert again.json() == made.json()
        left = client.get(f"{HERE}/transcript").json()
        assert left["utterances"][said["index"]]["text"].startswith("[redacted]")
        assert nowhere(bakery.home, words)
        for unfit in ({"utterances": ["12"]}, {"times": [[0, 99_999]]}, {"times": [[1]]}, {}):
            assert client.post(f"{HERE}/redactions", json={**unfit, "reason": "case 12"}).status_code in (400, 422), unfit
    with bakery.client(bakery.key(org="Acme", scopes="read,write")) as client:
        assert client.post(f"{HERE}/redactions/preview", json={"words": [words]}).status_code == 403


def test_a_server_applies_the_rules_when_it_starts(bakery: Served) -> None:
    import time

    with bakery.client(bakery.key(org="Acme")) as client:
        assert client.put("/v1/retention/interviews", json={"days": 2, "as": DANA}).json()["rules"][0]["by"] == DANA
        assert [c["stays"] for c in client.post("/v1/retention/applications", json={"dry_run": True}).json()["come"]] == [""]
    bakery.stop()
    bakery.start()
    with bakery.client(bakery.key(org="Acme")) as client:
        deadline = time.monotonic() + 30
        while not (found := client.get("/v1/erasures").json()["items"]) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert (found[0]["kind"], found[0]["by"]) == ("retention", "plumbline serve")
