"""Failures over HTTP: each a problem as RFC 9457 has it, with a code that is documented."""

import re

import httpx
import pytest

from alignment import errors
from alignment.errors import PlumblineError
from api.problems import STATUS, problem_of
from tests.api.served import BAKER, Served


def _kinds(root: type[PlumblineError] = PlumblineError) -> list[type[PlumblineError]]:
    return [root, *(kind for child in root.__subclasses__() if child.__module__ == errors.__name__ for kind in _kinds(child))]


def test_every_error_has_its_own_status() -> None:
    assert set(STATUS) == set(_kinds())


@pytest.mark.parametrize("kind", _kinds(), ids=lambda k: k.__name__)
def test_every_code_leads_to_what_it_means(served: Served, kind: type[PlumblineError]) -> None:
    problem = problem_of(kind("What happened", where="here", todo="Do that."))
    told = httpx.get(f"{served.url}{problem.type}").json()
    assert (told["code"], told["status"], told["title"]) == (kind.code, problem.status, problem.title)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/searches/nobody", 404, "not_found"),
        ("DELETE", "/v1/searches", 405, "bad_request"),
        ("GET", "/v1/searches?limit=0", 422, "bad_request"),
        ("GET", "/v1/searches?cursor=%20", 422, "bad_request"),
        ("GET", "/v1/keys?cursor=abc", 404, "not_found"),
        ("GET", "/v1/audit?cursor=YWJj", 404, "not_found"),
        ("GET", "/problems/nothing", 404, "not_found"),
    ],
)
def test_whatever_is_wrong_with_a_request_is_told_as_a_problem(served: Served, method: str, path: str, status: int, code: str) -> None:
    with served.client() as client:
        response = client.request(method, path)
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"/problems/{code}"
    assert body["detail"].endswith(".")
    assert body["request"] == response.headers["x-request-id"]


def test_all_the_methods_of_an_address_are_named_where_another_is_used(served: Served) -> None:
    with served.client() as client:
        assert client.put("/v1/searches").headers["allow"] == "GET, POST"


def test_a_request_keeps_the_id_that_it_came_with_if_it_is_one(served: Served) -> None:
    with served.client() as client:
        assert client.get("/v1/searches", headers={"X-Request-Id": "ats-17.a"}).headers["x-request-id"] == "ats-17.a"
        assert re.fullmatch(r"[0-9a-f]{32}", client.get("/v1/searches", headers={"X-Request-Id": "a b\tc"}).headers["x-request-id"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"slug": 1}', b'{"slug": "x", "title": "y", "unknown": 1}', b"\xff\xfe"])
def test_a_body_that_is_none_is_told_and_changes_nothing(served: Served, body: bytes) -> None:
    with served.client() as client:
        response = client.post("/v1/searches", content=body, headers={"Content-Type": "application/json"})
        assert (response.status_code, response.json()["code"]) == (422, "bad_request")


def test_a_body_that_is_too_large_is_refused_before_and_while_it_is_read(served: Served) -> None:
    with served.client() as client:
        for content in (b"x" * 1_100_000, iter([b"x" * 300_000] * 4)):
            response = client.post("/v1/searches", content=content)
            assert (response.status_code, response.json()["code"]) == (413, "too_large")
            assert response.headers["content-type"] == "application/problem+json"


def test_a_search_that_is_there_and_one_that_is_not_differ_in_nothing_but_the_list(bakery: Served) -> None:
    with bakery.client() as client, bakery.client(bakery.key(org="Other")) as other:
        assert client.get(f"/v1/searches/{BAKER}").status_code == 200
        ours, none = other.get(f"/v1/searches/{BAKER}").json(), other.get("/v1/searches/nobody-has").json()
        assert ours["detail"].replace(BAKER, "nobody-has") == none["detail"]


def test_pages_of_no_site_may_call_unless_they_are_named(served: Served) -> None:
    asked = {"Origin": "https://ats.example", "Access-Control-Request-Method": "GET"}
    response = httpx.options(f"{served.url}/v1/searches", headers=asked)
    assert "access-control-allow-origin" not in response.headers


def test_head_tells_what_get_would_and_sends_no_body(bakery: Served) -> None:
    with bakery.client() as client:
        for path in ("/healthz", f"/v1/searches/{BAKER}", f"/v1/searches/{BAKER}/contract", "/nowhere"):
            head, get = client.head(path), client.get(path)
            assert (head.status_code, head.content) == (get.status_code, b"")
            assert head.headers["content-length"] == get.headers["content-length"]
            assert head.headers.get("etag") == get.headers.get("etag")


def test_a_request_that_names_two_keys_names_none(served: Served) -> None:
    key = served.key()
    with httpx.Client(base_url=served.url) as client:
        headers = [("Authorization", f"Bearer {key}"), ("Authorization", "Bearer plb_other")]
        assert client.get("/v1/organisation", headers=headers).status_code == 401
