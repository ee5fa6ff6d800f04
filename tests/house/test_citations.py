"""Only verification and the store's loader make citations."""

import ast
import importlib
import pkgutil
import typing
from collections.abc import Iterator

import pydantic

import alignment
from alignment.citation import Citation
from tests.house.source import modules

ALLOWED = {("retrieval/verify.py", "_cite"), ("corpus/rows.py", "citation_from_row")}
MAKERS = {"model_validate", "model_validate_json", "model_validate_strings", "model_construct", "parse_obj", "parse_raw", "construct"}


def _models_holding_citations() -> set[str]:
    """The names of Citation and of every record that holds one, at any depth."""
    models: dict[str, type[pydantic.BaseModel]] = {}
    for found in pkgutil.iter_modules(alignment.__path__):
        for thing in vars(importlib.import_module(f"alignment.{found.name}")).values():
            if isinstance(thing, type) and issubclass(thing, pydantic.BaseModel):
                models[thing.__name__] = thing
    holding = {Citation.__name__}
    while True:
        more = {name for name, m in models.items() if any(_mentions(f.annotation, holding) for f in m.model_fields.values())} | holding
        if more == holding:
            return holding
        holding = more


def _mentions(annotation: object, names: set[str]) -> bool:
    if isinstance(annotation, type) and annotation.__name__ in names:
        return True
    return any(_mentions(part, names) for part in typing.get_args(annotation))


def _names_in(node: ast.AST) -> set[str]:
    return {n.id if isinstance(n, ast.Name) else n.attr for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)}


def _makes_one(call: ast.Call, holding: set[str]) -> bool:
    match call.func:
        case ast.Name(id="Citation") | ast.Attribute(attr="Citation"):
            return True
        case ast.Name(id="TypeAdapter") | ast.Attribute(attr="TypeAdapter" | "__new__"):
            return bool(_names_in(call) & holding)
        case ast.Attribute(value=whose, attr=how) if how in MAKERS:
            return bool(_names_in(whose) & holding)
        case ast.Attribute(value=whose, attr="model_copy" | "copy" | "__replace__"):
            return any("citation" in name.lower() or name in ("cited", "Citation") for name in _names_in(whose))
    return False


def _makings(tree: ast.Module, holding: set[str]) -> Iterator[tuple[str, int]]:
    """(name of the top-level function or class around it, line) of every making of a citation."""
    for top in tree.body:
        for node in ast.walk(top):
            if isinstance(node, ast.Call) and _makes_one(node, holding):
                yield getattr(top, "name", "<module>"), node.lineno


def test_a_citation_is_made_by_verification_and_by_the_stores_loader_alone() -> None:
    holding = _models_holding_citations()
    found = [
        f"{path}:{line} in {where}"
        for path, tree in modules("alignment", "corpus", "retrieval", "agents", "api", "evals")
        for where, line in _makings(tree, holding)
        if (path, where) not in ALLOWED
    ]
    assert not found, "a citation is made by `retrieval.verify.verify`, which checks it: " + "; ".join(found)


def test_the_records_that_hold_citations_are_found_at_any_depth() -> None:
    assert {"Citation", "Criterion", "Contract", "ShapedStatement", "OpenQuestion", "Shaping", "Finding"} <= _models_holding_citations()


def test_the_check_sees_every_way_to_make_one() -> None:
    ways = [
        "Citation(text=t)",
        "alignment.citation.Citation(**row)",
        "Citation.model_validate(row)",
        "Citation.model_construct(text=t)",
        "ShapedStatement.model_validate_json(body)",
        "TypeAdapter(tuple[Citation, ...])",
        "object.__new__(Citation)",
        "citation.model_copy(update={'text': t})",
        "statement.citations[0].model_copy(update=u)",
    ]
    for way in ways:
        assert list(_makings(ast.parse(way), _models_holding_citations())), way
