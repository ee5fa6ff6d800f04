"""The organisation comes first: no method of the store or the index reads or writes without naming one."""

import inspect
from collections.abc import Callable
from typing import Any

from corpus.store import Store

# They make, list or find organisations (a key tells whose it is, and what is due whose turn it is), or end the store itself.
WITHOUT = {
    "create_organisation",
    "organisations",
    "organisation_by_name",
    "key_by_digest",
    "organisations_with_events",
    "webhooks_due",
    "captures_to_finish",
    "erasures_to_finish",
    "close",
}


def _public_methods(owner: type) -> list[tuple[str, Callable[..., Any]]]:
    return [(n, f) for n, f in inspect.getmembers(owner, inspect.isfunction) if not n.startswith("_") and n not in WITHOUT]


def test_every_public_method_of_the_store_names_an_organisation_first() -> None:
    methods = _public_methods(Store)
    assert methods
    assert [name for name, f in methods if list(inspect.signature(f).parameters)[1:2] != ["organisation"]] == []
