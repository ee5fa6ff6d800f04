"""Nothing of one organisation through any door of another: every route with the wrong key, and every id that one could try."""

import json
import random
import re
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.api.served import BAKER, DANA, INES, PRIYA, TOMAS, WORK, Served, put_baker

OPEN = {"/healthz", "/readyz", "/metrics", "/problems/{code}", "/v1/media/{link}"}
SECRET_WORDS = ("rye", "oven", "Tomás", "Inés", "Priya", "Dana", "Night baker", "dough")
GIVEN: dict[str, Any] = {
    "search": BAKER,
    "interview": WORK,
    "feedback": "F1",
    "version": 1,
    "model": "debrief-referee",
    "code": "conflict",
    "agent": "debrief-referee",
    "what": "interviews",
}
BODIES: dict[str, Any] = {
    "POST /v1/searches/{search}/panel": {"person": INES, "interview": WORK},
    "POST /v1/searches/{search}/contracts": {"as": PRIYA, "changes": {"M1": "Else"}, "reason": "Because"},
    "POST /v1/searches/{search}/contract/signatures": {"as": DANA},
    "POST /v1/searches/{search}/intake/answers": {"as": PRIYA, "text": "x", "to": 0},
    "POST /v1/searches/{search}/interviews": {"name": "x", "candidate": TOMAS},
    "POST /v1/searches/{search}/interviews/{interview}/consents": {"basis": "x"},
    "POST /v1/searches/{search}/interviews/{interview}/consents/withdrawal": {"reason": "x"},
    "POST /v1/erasures": {"search": BAKER, "interview": WORK, "reason": "x"},
    "POST /v1/holds": {"search": BAKER, "interview": WORK, "reason": "x"},
    "PUT /v1/retention/{what}": {"days": 1},
    "POST /v1/retention/applications": {"dry_run": False},
    "PUT /v1/organisation/regions/{region}": {"consent_policy": "opt_out"},
    "POST /v1/searches/{search}/feedback": {"as": INES, "interview": WORK, "text": "x"},
    "POST /v1/searches/{search}/feedback/{feedback}/answers": {"as": INES, "answers": [{"claim": "x", "reply": "accept"}]},
    "POST /v1/searches/{search}/scorecards": {"as": INES, "interview": WORK, "grades": [{"criterion": "M1", "grade": 4}]},
    "POST /v1/searches/{search}/rounds/close": {"as": DANA},
    "POST /v1/searches/{search}/questions": {"as": DANA, "question": "What about the oven?"},
    "POST /v1/corpus/questions": {"question": "show three candidates who spoke of the oven"},
    "POST /agui/{agent}": {
        "threadId": "t",
        "runId": "r",
        "messages": [{"id": "m", "role": "user", "content": "What about the oven?"}],
        "forwardedProps": {"search": BAKER, "person": DANA},
    },
    "POST /v1/chat/completions": {
        "model": "debrief-referee",
        "messages": [{"role": "user", "content": "What about the oven?"}],
        "metadata": {"search": BAKER, "person": DANA},
    },
}


@pytest.fixture(scope="module")
def theirs(served: Served) -> Iterator[httpx.Client]:
    """Acme, whose search everybody else should know nothing of."""
    with served.client(served.key(org="Acme")) as client:
        put_baker(client, feedback=True)
        client.post(f"/v1/searches/{BAKER}/feedback/F1/shaping").raise_for_status()
        yield client


@pytest.fixture(scope="module")
def routes(served: Served) -> list[tuple[str, str]]:
    """Every method and path of the OpenAPI document."""
    paths = httpx.get(f"{served.url}/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def _sent(client: httpx.Client, method: str, path: str, given: dict[str, Any], **more: Any) -> httpx.Response:
    place = path.format_map({**dict.fromkeys(re.findall(r"{(\w+)}", path), "x"), **given})
    body = BODIES.get(f"{method} {path}")
    content = {"content": "Inés Duarte: Why?\nTomás Rivera: Why not."} if path.endswith("/transcript") else {"json": body} if body else {}
    params = {} if method != "GET" else {"as": DANA, "q": "the oven"}
    return client.request(method, place, params=params, headers={"If-Match": "*"}, **content, **more)


def test_every_route_but_the_open_ones_wants_a_key(served: Served, theirs: httpx.Client, routes: list[tuple[str, str]]) -> None:
    assert len(routes) > 45
    for key in (None, "plb_wrong"):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        with httpx.Client(base_url=served.url, headers=headers) as nobody:
            for method, path in routes:
                if path not in OPEN:
                    response = _sent(nobody, method, path, GIVEN)
                    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated"), (method, path)


def test_no_route_shows_or_changes_anything_of_another_organisation(
    served: Served, theirs: httpx.Client, routes: list[tuple[str, str]]
) -> None:
    before = _everything(theirs)
    with served.client(served.key(org="Other")) as other:
        for method, path in routes:
            if path in OPEN:
                continue
            response = _sent(other, method, path, GIVEN)
            assert response.status_code < 500, (method, path, response.text)
            if "{search}" in path:
                assert (response.status_code, response.json()["code"]) == (404, "not_found"), (method, path, response.text)
            for word in SECRET_WORDS:
                # A refusal may say back what was asked, and nothing else.
                assert word not in _without_echo(response.text), (method, path)
    assert _everything(theirs) == before


def test_no_id_of_theirs_opens_anything(served: Served, theirs: httpx.Client) -> None:
    ids = sorted(set(re.findall(r'"((?:srch|ctr|int|trn|fbk|stm|qst|crd|clm|person|org|key)-[\w-]+)"', json.dumps(_everything(theirs)))))
    assert len(ids) > 8
    with served.client(served.key(org="Another")) as other:
        other.post("/v1/searches", json={"slug": "own", "title": "Own", "recruiter": DANA, "hiring_manager": PRIYA}).raise_for_status()
        for id in ids:
            for path in (
                f"/v1/searches/{id}",
                f"/v1/searches/own/interviews/{id}",
                f"/v1/searches/own/interviews/{id}/transcript",
                f"/v1/searches/own/feedback/{id}",
            ):
                response = other.get(path)
                assert response.status_code == 404, path
                assert not [w for w in SECRET_WORDS if w in response.text.replace(DANA, "").replace(PRIYA, "")], path
            assert other.delete(f"/v1/keys/{id}").status_code == 404
            told = {"model": "feedback-shaper", "messages": [{"role": "user", "content": "accept all"}]}
            chat = other.post("/v1/chat/completions", json={**told, "metadata": {"search": "own", "person": DANA, "thread": id}})
            assert chat.status_code == 404
    assert theirs.get("/v1/organisation").status_code == 200


def test_ids_made_up_at_random_are_refused_in_a_sentence(served: Served) -> None:
    chance = random.Random(7)
    alphabet = string.printable.replace("/", "").replace("?", "").replace("#", "") + "é\u202e\u0000%"
    with served.client(served.key(org="Fuzz")) as client:
        client.post("/v1/searches", json={"slug": "own", "title": "Own", "recruiter": DANA, "hiring_manager": PRIYA}).raise_for_status()
        for _ in range(150):
            made = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 60)))
            id = quote(made, safe="")
            for place in (f"/v1/searches/own/interviews/{id}", f"/v1/searches/own/feedback/{id}", f"/v1/searches/{id}"):
                response = client.get(place)
                assert response.status_code in (404, 405, 422), (place, response.text)
                assert response.headers["content-type"] == "application/problem+json"


def _without_echo(text: str) -> str:
    for asked in (DANA, "the oven?", "of the oven", "“oven”"):
        text = text.replace(asked, "")
    return text


def _everything(client: httpx.Client) -> dict[str, Any]:
    """All that an organisation can read of itself, but for what reading itself adds to."""
    paths = (
        "/v1/searches",
        f"/v1/searches/{BAKER}/contracts",
        f"/v1/searches/{BAKER}/interviews",
        f"/v1/searches/{BAKER}/interviews/{WORK}/transcript",
        f"/v1/searches/{BAKER}/feedback",
        f"/v1/searches/{BAKER}/scorecards?as=Dana%20Whitlock",
    )
    return {path: client.get(path).json() for path in paths}
