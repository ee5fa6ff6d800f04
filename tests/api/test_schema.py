"""The whole OpenAPI document against a running server: no failure of the server, and no answer that is not documented."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.api.served import BAKER, Served, put_baker, serving

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
"""Not whether all that fits the schema is accepted: rules of the domain refuse much that does, and say so with a documented problem."""

EXAMPLES = 12


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("fuzzed") / "home", PLUMBLINE_SERVE__PER_MINUTE="1000000") as served:
        with served.client() as client:
            put_baker(client, feedback=True)
            # The names that a fuzzer comes upon first.
            put_baker(client, "0", feedback=True)
        yield served


def test_the_document_is_openapi_3_1_and_every_operation_says_what_it_does(fuzzed: Served) -> None:
    document = httpx.get(f"{fuzzed.url}/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    told = [(path, method, op) for path, methods in document["paths"].items() for method, op in methods.items()]
    assert [f"{method} {path}" for path, method, op in told if not op.get("description")] == []
    assert len({op["operationId"] for *_, op in told}) == len(told)


def _operations() -> list[tuple[str, str]]:
    from alignment.settings import Settings
    from api.app import make_app

    document = make_app(Settings(home=Path("unused"))).openapi()
    return sorted((method.upper(), path) for path, methods in document["paths"].items() for method in methods)


@pytest.mark.parametrize(("method", "path"), _operations(), ids=lambda v: str(v))
def test_nothing_that_is_sent_makes_the_server_fail_or_answer_otherwise_than_documented(fuzzed: Served, method: str, path: str) -> None:
    operation = schemathesis.openapi.from_url(f"{fuzzed.url}/openapi.json")[path][method]
    headers = {"Authorization": f"Bearer {_key(fuzzed)}"}

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attempt(case: Any) -> None:
        if "search" in case.path_parameters and len(str(case.path_parameters["search"])) % 2:
            case.path_parameters["search"] = BAKER
        case.call_and_validate(headers=headers, checks=CHECKS)

    attempt()


_keys: dict[str, str] = {}


def _key(served: Served) -> str:
    if served.url not in _keys:
        _keys[served.url] = served.key()
    return _keys[served.url]


def test_the_problems_of_the_document_are_the_ones_that_are_explained(fuzzed: Served) -> None:
    document = httpx.get(f"{fuzzed.url}/openapi.json").json()
    told = json.dumps(document["paths"]["/v1/searches"]["get"]["responses"])
    for code in ("too_many", "missing_scope", "store_down", "stale_contract"):
        assert code in told
