"""How the house is laid out: names, sizes, and nothing in it that holds on one machine only."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT, modules, tracked_files

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
ALLOWED_LONG: frozenset[str] = frozenset()
NAMES_FOR_NOTHING = {"core", "common", "shared", "utils", "util", "helpers", "helper", "base", "manager", "service", "misc"}
# Assembled, so that this file does not hold what it forbids.
ABSOLUTE = re.compile(
    "|".join(rf"(?<![\w.)}}]){stem}" for stem in ("/" + "work/", "/" + "home/\\w", "/" + "Users/\\w", "/" + "root/", r"C:\\\\Users"))
)
REGISTRY = re.compile(
    "|".join(
        ("files.python" + "hosted", "py" + r"pi\.org", "registry.npm" + "js", "deb." + r"debian\.org", "index" + "-url", "find" + "-links")
    )
)
OWN_WORDS = {".md", ".py", ".toml", ".txt", ".cfg", ".ini", ".yml", ".yaml", ".json", ".sh", ".mako", ""}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_top_level_name_is_ours(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve().is_relative_to(ROOT), f"{package} resolves to {spec.origin}"


def test_no_file_is_too_long() -> None:
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path, _ in modules()}
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE and path not in ALLOWED_LONG} == {}


def test_no_function_is_too_long() -> None:
    assert [f"{place} has {n} lines" for place, n in _functions() if n > LONGEST_FUNCTION and place not in ALLOWED_LONG] == []


def _functions() -> Iterator[tuple[str, int]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_nothing_has_a_name_that_could_hold_anything() -> None:
    named = {part for path, _ in modules() for part in Path(path).with_suffix("").parts}
    assert named & NAMES_FOR_NOTHING == set()


def test_every_import_is_absolute() -> None:
    relative = [f"{path}:{n.lineno}" for path, tree in modules() for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]
    assert relative == []


def test_no_file_names_a_place_on_one_machine_or_a_registrys_host() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked_files()
        if path.suffix in OWN_WORDS and path.stat().st_size < 1_000_000
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if ABSOLUTE.search(line) or REGISTRY.search(line)
    ]
    assert found == []


def test_the_constraints_are_names_and_versions_alone() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    assert [row for row in rows if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", row)] == []
    assert not {row.split("==")[0].lower() for row in rows} & {"torch", "sentence-transformers", "plumbline"}


def test_tests_are_claims_in_sentences() -> None:
    short = [
        place
        for place, _ in _functions()
        if place.startswith("tests/") and ":test_" in place and len(place.split(":test_")[1].split("_")) < 4
    ]
    assert short == []


def test_no_test_asserts_that_a_mock_was_called() -> None:
    mocked = [f"{p}:{n.lineno}" for p, t in modules("tests") for n in ast.walk(t) if isinstance(n, ast.Attribute) and _of_a_mock(n.attr)]
    assert mocked == []


def _of_a_mock(attribute: str) -> bool:
    return attribute.startswith(("assert_called", "assert_awaited", "assert_not_called")) or attribute in ("call_count", "call_args")
