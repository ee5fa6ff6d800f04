"""Who gets how far: keys, scopes, roles and the person whom a key acts for."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.served import BAKER, DANA, INES, PRIYA, TOMAS, WORK, Served, put_baker, serving

BRAM = "Bram de Vries"
GRADES = [{"criterion": "M1", "grade": 3}, {"criterion": "D1", "grade": 4}]


def _code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer plb_unknown", "Bearer plb_\u00e9"])
def test_no_key_or_an_unknown_one_opens_nothing_and_says_the_same(served: Served, header: str | None) -> None:
    headers = [] if header is None else [(b"Authorization", header.encode())]
    response = httpx.get(f"{served.url}/v1/organisation", headers=headers)
    assert _code(response) == (401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_the_secret_of_a_key_is_nowhere_on_disk(served: Served) -> None:
    key = served.key()
    assert not [path for path in served.home.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]


def test_a_key_made_over_the_api_works_and_is_told_once(served: Served) -> None:
    with served.client() as admin:
        made = admin.post("/v1/keys", json={"role": "service", "scopes": ["read"], "label": "the ATS"})
        assert made.status_code == 201
        assert made.json()["secret"] not in admin.get("/v1/keys").text
        with served.client(made.json()["secret"]) as reader:
            assert reader.get("/v1/organisation").json()["key"]["label"] == "the ATS"
            assert _code(reader.post("/v1/searches", json={"slug": "x", "title": "X"})) == (403, "missing_scope")
            assert _code(reader.get("/v1/keys")) == (403, "missing_scope")


def test_a_revoked_key_opens_nothing_from_that_moment(served: Served) -> None:
    with served.client() as admin:
        made = admin.post("/v1/keys", json={"scopes": ["read", "write"]}).json()
        with served.client(made["secret"]) as client:
            assert client.get("/v1/organisation").status_code == 200
            assert admin.delete(f"/v1/keys/{made['key']['id']}").json()["revoked_at"]
            assert _code(client.get("/v1/organisation")) == (401, "unauthenticated")


def test_a_key_does_not_shut_itself_out(served: Served) -> None:
    with served.client() as admin:
        own = admin.get("/v1/organisation").json()["key"]["id"]
        assert _code(admin.delete(f"/v1/keys/{own}")) == (409, "conflict")
        assert admin.get("/v1/organisation").status_code == 200


def test_a_personal_key_needs_its_person_and_a_services_has_none(served: Served) -> None:
    with served.client() as admin:
        assert _code(admin.post("/v1/keys", json={"role": "interviewer", "scopes": ["read"]})) == (422, "refused")
        assert _code(admin.post("/v1/keys", json={"role": "service", "scopes": ["read"], "person": INES})) == (422, "refused")


def test_a_service_says_for_whom_it_acts(bakery: Served) -> None:
    with bakery.client() as client:
        assert _code(client.get(f"/v1/searches/{BAKER}/scorecards")) == (422, "bad_request")
        assert client.get(f"/v1/searches/{BAKER}/scorecards", params={"as": DANA}).status_code == 200


def test_a_personal_key_acts_for_its_person_alone(bakery: Served) -> None:
    with bakery.client(bakery.key(role="interviewer", person=INES)) as ines:
        assert ines.get(f"/v1/searches/{BAKER}/scorecards", params={"as": INES}).status_code == 200
        assert _code(ines.get(f"/v1/searches/{BAKER}/scorecards", params={"as": DANA})) == (403, "not_permitted")
        told = {"model": "feedback-shaper", "messages": [{"role": "user", "content": "x"}], "metadata": {"search": BAKER, "person": DANA}}
        assert _code(ines.post("/v1/chat/completions", json=told)) == (403, "not_permitted")


def test_a_personal_key_sees_the_searches_that_its_person_takes_part_in(bakery: Served) -> None:
    with bakery.client() as client:
        client.post("/v1/searches", json={"slug": "elsewhere", "title": "E", "recruiter": DANA, "hiring_manager": "Somebody Else"})
    with bakery.client(bakery.key(role="interviewer", person=INES)) as ines:
        assert [s["slug"] for s in ines.get("/v1/searches").json()["items"]] == [BAKER]
        missing = ines.get("/v1/searches/elsewhere")
        assert _code(missing) == (404, "not_found")
        assert missing.json()["detail"] == ines.get("/v1/searches/nowhere").json()["detail"].replace("nowhere", "elsewhere")
        assert _code(ines.get("/v1/moments", params={"q": "the oven"})) == (422, "bad_request")
        assert _code(ines.get("/v1/moments", params={"q": "the oven", "search": "elsewhere"})) == (404, "not_found")
    with bakery.client(bakery.key(role="recruiter", person=TOMAS)) as candidate:
        assert candidate.get("/v1/searches").json()["items"] == []


def test_a_role_bounds_what_its_key_does(bakery: Served) -> None:
    with bakery.client(bakery.key(role="interviewer", person=INES, scopes="read,write,admin")) as ines:
        assert _code(ines.post("/v1/searches", json={"slug": "mine", "title": "M"})) == (403, "not_permitted")
        assert _code(ines.post(f"/v1/searches/{BAKER}/contract/signatures", json={}, headers={"If-Match": "*"})) == (403, "not_permitted")
        assert _code(ines.post("/v1/corpus/questions", json={"question": "how many interviews"})) == (403, "not_permitted")
        assert _code(ines.post(f"/v1/searches/{BAKER}/rounds/close", json={})) == (403, "not_permitted")
        assert _code(ines.put(f"/v1/searches/{BAKER}/interviews/x/transcript", content=b"A: b")) == (403, "not_permitted")


def test_nobody_gets_into_a_search_by_opening_it_once_more(bakery: Served) -> None:
    with bakery.client(bakery.key(role="recruiter", person="Rita Late")) as rita, bakery.client() as client:
        before = client.get(f"/v1/searches/{BAKER}").json()
        seat = {"person": "Rita Late", "interview": WORK, "focus": ["T1"]}
        for body in ({"title": "Night baker", "recruiter": DANA, "hiring_manager": PRIYA, "role_family": "bakery"}, {"title": "Else"}):
            response = rita.post("/v1/searches", json={"slug": BAKER, "panel": [seat], **body})
            assert _code(response) == (409, "conflict")
        assert _code(rita.get(f"/v1/searches/{BAKER}")) == (404, "not_found")
        # Nor does a service that is refused leave half of what it asked for behind.
        refused = client.post("/v1/searches", json={"slug": BAKER, "panel": [seat], "title": "Night baker", "recruiter": DANA})
        assert _code(refused) == (409, "conflict")
        assert client.get(f"/v1/searches/{BAKER}").json() == before


def test_an_intake_is_held_and_read_by_its_two_sides_through_every_door(bakery: Served) -> None:
    asked = {"model": "intake-agent", "messages": [{"role": "user", "content": "hi"}], "metadata": {"search": BAKER}}
    run = {"threadId": "t", "runId": "r", "messages": [], "forwardedProps": {"search": BAKER}}
    for role in ("interviewer", "recruiter"):
        with bakery.client(bakery.key(role=role, person=INES)) as ines:
            assert _code(ines.post(f"/v1/searches/{BAKER}/intake")) == (403, "not_permitted")
            assert _code(ines.post("/v1/chat/completions", json=asked)) == (403, "not_permitted")
            told = ines.post("/agui/intake-agent", json=run)
            assert "not_permitted" in told.text
            assert "imagine" not in told.text.lower()
    with bakery.client(bakery.key(role="hiring_manager", person=PRIYA)) as priya:
        assert priya.post(f"/v1/searches/{BAKER}/intake").status_code == 200
        assert "year from now" in priya.post("/v1/chat/completions", json=asked).text


def test_a_key_that_may_only_read_ends_no_conversation(bakery: Served) -> None:
    with bakery.client(bakery.key(scopes="read")) as reader:
        assert _code(reader.delete(f"/v1/searches/{BAKER}/questions", params={"as": DANA})) == (403, "missing_scope")


def test_feedback_is_read_by_whoever_wrote_it_and_by_nobody_else(bakery: Served) -> None:
    with bakery.client(bakery.key(role="interviewer", person=INES)) as ines:
        assert [r["feedback"]["name"] for r in ines.get(f"/v1/searches/{BAKER}/feedback").json()["items"]] == ["F1"]
        assert "rye" in ines.get(f"/v1/searches/{BAKER}/feedback/F1").json()["raw"]
    with bakery.client(bakery.key(role="recruiter", person=DANA)) as dana:
        assert dana.get(f"/v1/searches/{BAKER}/feedback").json()["items"] == []
        for answer in (dana.get(f"/v1/searches/{BAKER}/feedback/F1"), dana.post(f"/v1/searches/{BAKER}/feedback/F1/shaping")):
            assert _code(answer) == (404, "not_found")
            assert "rye" not in answer.text
        claims = {"answers": [{"claim": "c", "reply": "accept"}]}
        assert _code(dana.post(f"/v1/searches/{BAKER}/feedback/F1/answers", json=claims)) == (404, "not_found")


def test_grades_of_others_are_hidden_until_ones_own_are_in(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as served, served.client() as client:
        put_baker(client)
        client.post(f"/v1/searches/{BAKER}/panel", json={"person": BRAM, "interview": WORK, "focus": ["M1"]}).raise_for_status()
        client.post(f"/v1/searches/{BAKER}/scorecards", json={"as": INES, "interview": WORK, "grades": GRADES}).raise_for_status()
        with served.client(served.key(role="interviewer", person=BRAM)) as bram:
            assert bram.get(f"/v1/searches/{BAKER}/scorecards").json()["items"] == []
            assert _code(bram.get(f"/v1/searches/{BAKER}/debrief")) == (403, "not_permitted")
            own = {"interview": WORK, "grades": [{"criterion": "M1", "grade": 2}]}
            assert bram.post(f"/v1/searches/{BAKER}/scorecards", json=own).status_code == 201
            assert len(bram.get(f"/v1/searches/{BAKER}/scorecards").json()["items"]) == 2
            assert bram.get(f"/v1/searches/{BAKER}/debrief").status_code == 200


def test_a_key_that_asks_too_often_waits_and_others_do_not(tmp_path: Path) -> None:
    with serving(tmp_path / "home", PLUMBLINE_SERVE__PER_MINUTE="5") as served, served.client() as client:
        answers = [client.get("/v1/organisation") for _ in range(7)]
        assert [a.status_code for a in answers] == [200] * 5 + [429] * 2
        assert answers[0].headers["ratelimit-policy"] == '"key";q=5;w=60'
        assert answers[0].headers["ratelimit"].startswith('"key";r=4;t=')
        assert answers[-1].json()["code"] == "too_many"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        with served.client() as other:
            assert other.get("/v1/organisation").status_code == 200


def test_an_address_that_guesses_keys_is_slowed_and_known_keys_are_not(tmp_path: Path) -> None:
    with serving(tmp_path / "home", PLUMBLINE_SERVE__REFUSED_PER_MINUTE="3") as served, served.client() as client:
        guesses = [httpx.get(f"{served.url}/v1/organisation", headers={"Authorization": f"Bearer plb_{n}"}) for n in range(5)]
        assert [g.status_code for g in guesses] == [401, 401, 401, 429, 429]
        assert client.get("/v1/organisation").status_code == 200


def test_every_request_of_a_key_is_on_the_audit_log_with_whom_it_acted_for(bakery: Served) -> None:
    with bakery.client() as client:
        told = {"model": "debrief-referee", "messages": [{"role": "user", "content": "Was M1 tested?"}]}
        request = client.post("/v1/chat/completions", json={**told, "metadata": {"search": BAKER, "person": DANA}}).headers["x-request-id"]
        client.get(f"/v1/searches/{BAKER}/contract")
        cursor: str | None = ""
        lines: list[dict[str, Any]] = []
        while cursor is not None:
            page = client.get("/v1/audit", params={"limit": 200, "cursor": cursor}).json()
            lines, cursor = lines + page["items"], page["next"]
        asked = next(line for line in lines if line["request"] == request)
        assert (asked["action"], asked["person"], asked["status"]) == ("POST /v1/chat/completions", DANA, 200)
        assert asked["detail"] == {"agent": "debrief-referee", "contract": "1", "model": "rules"}
        assert [line["detail"] for line in lines if line["target"].endswith("/contract")][-1] == {"contract": "1"}
        assert client.get("/v1/audit/chain").json() == {"whole": True, "broken_at": None}
        assert "oven" not in str(lines)
