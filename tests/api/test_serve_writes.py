"""Writes over REST: once for each idempotency key, against the state that was seen, page by page, from every format."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.api.served import BAKER, DANA, INES, PRIYA, SAMPLES, TOMAS, WORK, Served

CONTRACT = f"/v1/searches/{BAKER}/contract"
CUES = ("00:00:01{}000 --> 00:00:04{}000", "00:00:05{}000 --> 00:00:09{}000")
FORMATS = {
    "webvtt": "WEBVTT\n\n{}\n<v Inés Duarte>Why bread?\n\n{}\n<v Tomás Rivera>My aunt.\n".format(*(c.replace("{}", ".") for c in CUES)),
    "srt": "1\n{}\nInés Duarte: Why bread?\n\n2\n{}\nTomás Rivera: My aunt.\n".format(*(c.replace("{}", ",") for c in CUES)),
    "otter": "Inés Duarte  0:01\nWhy bread, of all things?\n\nTomás Rivera  0:05\nMy aunt had the ovens.\n",
    "text": "Inés Duarte: Why bread?\nTomás Rivera: My aunt had the ovens.\nInés Duarte: And then?\nTomás Rivera: I stayed.\n",
    "whisperx": json.dumps({"segments": [{"start": 1.0, "end": 2.0, "text": "Why bread?", "speaker": "SPEAKER_00", "words": []}]}),
    "json": json.dumps([{"speaker": "Inés Duarte", "text": "Why bread?", "start": 1, "end": 2}]),
}


def _put(client: httpx.Client, interview: str, content: str | bytes, **params: str) -> httpx.Response:
    given = {"candidate": TOMAS, "consent": "recorded-elsewhere", **params}
    return client.put(f"/v1/searches/{BAKER}/interviews/{interview}/transcript", params=given, content=content)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_transcript_of_every_format_is_taken_in_as_a_body_and_as_a_form(bakery: Served, kind: str) -> None:
    with bakery.client() as client:
        first = _put(client, f"format-{kind}", FORMATS[kind])
        assert (first.status_code, first.json()["new"]) == (201, True), first.text
        again = client.put(
            first.headers["location"], params={"consent": "recorded-elsewhere"}, files={"file": ("x", FORMATS[kind].encode())}
        )
        assert (again.status_code, again.json()["new"]) == (200, False)
        held = client.get(first.headers["location"]).json()
        assert "bread" in held["utterances"][0]["text"]


def test_what_cannot_be_read_leaves_nothing_behind(bakery: Served) -> None:
    with bakery.client() as client:
        before = client.get(f"/v1/searches/{BAKER}/interviews").json()
        for content in (b"", b"\x00\x01\x02", b"{}", b"WEBVTT\n\n"):
            response = _put(client, "unreadable", content)
            assert response.status_code == 422
            assert response.json()["code"] in ("bad_transcript", "bad_request")
        assert client.get(f"/v1/searches/{BAKER}/interviews").json() == before


def test_an_interview_without_consent_is_refused_and_one_that_is_recorded_lets_it_in(bakery: Served) -> None:
    with bakery.client() as client:
        refused = _put(client, "consented", FORMATS["text"], consent="")
        assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
        client.post(f"/v1/searches/{BAKER}/interviews", json={"name": "consented", "candidate": TOMAS}).raise_for_status()
        client.post(f"/v1/searches/{BAKER}/interviews/consented/consents", json={"basis": "agreed in writing"}).raise_for_status()
        assert _put(client, "consented", FORMATS["text"], consent="").status_code == 201


def test_a_request_that_comes_again_under_its_key_is_done_once_and_answered_the_same(bakery: Served) -> None:
    told = {"as": INES, "interview": WORK, "text": "He kept the van on time, once."}
    with bakery.client() as client:
        first = client.post(f"/v1/searches/{BAKER}/feedback", json=told, headers={"Idempotency-Key": "once"})
        again = client.post(f"/v1/searches/{BAKER}/feedback", json=told, headers={"Idempotency-Key": "once"})
        assert (again.status_code, again.text, again.headers["location"]) == (201, first.text, first.headers["location"])
        assert again.headers["idempotency-replayed"] == "true"
        other = client.post(f"/v1/searches/{BAKER}/feedback", json={**told, "text": "Another."}, headers={"Idempotency-Key": "once"})
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    with bakery.client() as stranger:
        fresh = stranger.post(f"/v1/searches/{BAKER}/feedback", json=told, headers={"Idempotency-Key": "once"})
        assert "idempotency-replayed" not in fresh.headers


def test_another_file_in_a_form_is_another_request(bakery: Served) -> None:
    place = f"/v1/searches/{BAKER}/interviews/in-a-form/transcript"
    given: dict[str, Any] = {"params": {"candidate": TOMAS, "consent": "recorded-elsewhere"}, "headers": {"Idempotency-Key": "form"}}
    with bakery.client() as client:
        codes = [client.put(place, files={"file": ("x", FORMATS["text"].encode())}, **given).status_code for _ in range(2)]
        assert codes == [201, 201]
        other = client.put(place, files={"file": ("x", FORMATS["text"].replace("aunt", "uncle").encode())}, **given)
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_what_failed_may_be_tried_again_under_its_key(bakery: Served) -> None:
    with bakery.client() as client:
        key = {"Idempotency-Key": "twice"}
        told = {"as": INES, "interview": "not-yet", "text": "He asked for the recipe."}
        assert client.post(f"/v1/searches/{BAKER}/feedback", json=told, headers=key).status_code == 404
        client.post(f"/v1/searches/{BAKER}/interviews", json={"name": "not-yet", "candidate": TOMAS}).raise_for_status()
        assert client.post(f"/v1/searches/{BAKER}/feedback", json=told, headers=key).status_code == 201


def test_twenty_sendings_at_once_under_one_key_make_one_record(bakery: Served) -> None:
    told = {"as": INES, "interview": WORK, "text": "He weighed the flour twice."}
    with bakery.client() as client, ThreadPoolExecutor(20) as pool:
        key = {"Idempotency-Key": "at-once"}
        sent = [pool.submit(client.post, f"/v1/searches/{BAKER}/feedback", json=told, headers=key) for _ in range(20)]
        codes = {s.result().status_code for s in sent}
        assert codes <= {201, 409}
        rows = client.get(f"/v1/searches/{BAKER}/feedback", params={"limit": 200}).json()["items"]
        assert [r["feedback"]["raw"] for r in rows].count("He weighed the flour twice.") == 1


def test_a_contract_is_changed_and_signed_only_as_it_was_seen(bakery: Served) -> None:
    with bakery.client() as client:
        seen = client.get(CONTRACT).headers["etag"]
        assert client.post(f"{CONTRACT}/signatures", json={"as": DANA}).json()["code"] == "unguarded"
        signed = client.post(f"{CONTRACT}/signatures", json={"as": DANA}, headers={"If-Match": seen})
        assert (signed.status_code, signed.json()["signed"]) == (201, False)
        stale = client.post(f"{CONTRACT}/signatures", json={"as": PRIYA}, headers={"If-Match": seen})
        assert (stale.status_code, stale.json()["code"]) == (412, "stale_contract")
        both = client.post(f"{CONTRACT}/signatures", json={"as": PRIYA}, headers={"If-Match": signed.headers["etag"]})
        assert both.json()["signed"] is True
        change = {"as": PRIYA, "changes": {"M2": "Has taught two people a dough"}, "reason": "One is chance."}
        amended = client.post(f"/v1/searches/{BAKER}/contracts", json=change, headers={"If-Match": both.headers["etag"]})
        assert (amended.status_code, amended.headers["location"]) == (201, f"/v1/searches/{BAKER}/contracts/2")
        changes = client.get(f"/v1/searches/{BAKER}/contracts/2/changes").json()
        assert [(c["id"], c["after"]) for c in changes["changes"]] == [("M2", "Has taught two people a dough")]
        assert client.get(f"/v1/searches/{BAKER}/contracts/1").json()["signed"] is True


def test_a_contract_that_is_as_the_caller_has_it_is_not_sent_again(bakery: Served) -> None:
    with bakery.client() as client:
        first = client.get(CONTRACT)
        again = client.get(CONTRACT, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert client.get(CONTRACT, headers={"If-None-Match": "*"}).status_code == 304
        assert client.get(CONTRACT, headers={"If-None-Match": '"another"'}).json() == first.json()


def test_of_two_that_change_the_same_state_at_once_one_is_told(bakery: Served) -> None:
    with bakery.client() as client:
        seen = {"If-Match": client.get(CONTRACT).headers["etag"]}
        begun = threading.Barrier(2)

        def amend(text: str) -> int:
            begun.wait()
            change = {"as": PRIYA, "changes": {"T1": text}, "reason": "Because."}
            return client.post(f"/v1/searches/{BAKER}/contracts", json=change, headers=seen).status_code

        with ThreadPoolExecutor(2) as pool:
            codes = sorted(pool.map(amend, ("Gives up one thing for another", "Gives up this for that")))
        assert codes[0] == 201
        assert codes[1] in (409, 412)


def test_a_list_is_whole_when_its_pages_are_put_together(served: Served) -> None:
    with served.client(served.key(org="Pages")) as client:
        for n in range(7):
            client.post("/v1/searches", json={"slug": f"s-{n}", "title": "S"}).raise_for_status()
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = client.get("/v1/searches", params={"limit": 3, "cursor": cursor}).json()
            seen += [s["slug"] for s in page["items"]]
            cursor = page["next"]
        assert seen == [f"s-{n}" for n in range(7)]


def test_the_panel_gets_its_invite_and_its_scorecard(bakery: Served) -> None:
    with bakery.client() as client:
        invite = client.get(f"/v1/searches/{BAKER}/invite.ics")
        assert invite.headers["content-type"].startswith("text/calendar")
        assert invite.text.startswith("BEGIN:VCALENDAR")
        assert "Has run nights alone" in client.get(f"/v1/searches/{BAKER}/invite.md", params={"version": 1}).text
        assert client.get(f"/v1/searches/{BAKER}/scorecard.json").json()["criteria"][0]["id"] == "M1"
        assert "Grade 1 to 4" in client.get(f"/v1/searches/{BAKER}/scorecard.md").text


def test_an_intake_over_rest_takes_each_answer_once(bakery: Served) -> None:
    with bakery.client() as client:
        client.post("/v1/searches", json={"slug": "intake", "title": "I", "recruiter": DANA, "hiring_manager": PRIYA}).raise_for_status()
        began = client.post("/v1/searches/intake/intake").json()
        told = {"as": PRIYA, "text": "Bread on the counter at six, all winter.", "to": int(began["waiting"][0]["id"])}
        after = client.post("/v1/searches/intake/intake/answers", json=told, headers={"Idempotency-Key": "a"})
        assert [t["text"] for t in after.json()["turns"] if t["by"]] == [told["text"]]
        assert client.post("/v1/searches/intake/intake/answers", json=told).json()["code"] == "conflict"
        assert client.post("/v1/searches/intake/intake/answers", json={**told, "as": INES}).json()["code"] == "not_permitted"


def test_a_captured_call_becomes_the_next_version_of_the_contract(bakery: Served) -> None:
    call = (SAMPLES / "two-minutes" / "intake.vtt").read_bytes()
    with bakery.client() as client:
        client.post("/v1/searches", json={"slug": "call", "title": "C", "recruiter": DANA, "hiring_manager": PRIYA}).raise_for_status()
        first = client.post("/v1/searches/call/intake/transcript", content=call)
        assert (first.status_code, first.headers["location"]) == (201, "/v1/searches/call/contracts/2")
        assert client.post("/v1/searches/call/intake/transcript", content=call).json() == first.json()


def test_names_in_any_script_have_an_address_and_names_that_can_have_none_are_refused(bakery: Served) -> None:
    with bakery.client() as client:
        made = client.post("/v1/searches", json={"slug": "パン職人", "title": "パン", "recruiter": DANA, "hiring_manager": PRIYA})
        assert made.status_code == 201
        assert client.get(made.headers["location"]).json()["slug"] == "パン職人"
        given = {"as": INES, "interview": WORK, "text": "He kneads well, they said.", "name": "замётка"}
        kept = client.post(f"/v1/searches/{BAKER}/feedback", json=given)
        assert client.get(kept.headers["location"]).json()["raw"] == given["text"]
        for slug in (".", "..", "a/b", "a b", "", "a" * 101):
            assert client.post("/v1/searches", json={"slug": slug, "title": "T"}).status_code == 422
        params = {"candidate": TOMAS, "consent": "recorded-elsewhere"}
        for name in ("%2e%2e", "%2e", "%0a"):
            response = client.put(f"/v1/searches/{BAKER}/interviews/{name}/transcript", params=params, content=FORMATS["text"])
            assert response.status_code in (404, 405, 422), name
