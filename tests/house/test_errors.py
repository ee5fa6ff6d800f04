"""Every error has its code, its place in the drawing, and an entry that says what to do."""

import re
from collections.abc import Iterator

from alignment import errors
from alignment.errors import PlumblineError
from tests.house.source import ROOT

PROBLEMS = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")


def _tree(root: type[PlumblineError] = PlumblineError, depth: int = 0) -> Iterator[tuple[type[PlumblineError], int]]:
    yield root, depth
    for kind in root.__subclasses__():
        yield from _tree(kind, depth + 1)


KINDS = [(kind, depth) for kind, depth in _tree() if kind.__module__ == errors.__name__]
ENTRIES = dict(re.findall(r"^### `(\w+)`\n+(.*?)(?=^##|\Z)", PROBLEMS, re.M | re.S))


def test_every_code_is_a_kinds_own() -> None:
    codes = [kind.code for kind, _ in KINDS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


def test_the_drawing_in_the_docstring_is_the_tree_itself() -> None:
    drawn = re.findall(r"^([│ ]*)[├└]── (\w+) +(\w+)", errors.__doc__ or "", re.M)
    assert {(name, code, len(stem) // 4 + 1) for stem, name, code in drawn} == {(k.__name__, k.code, depth) for k, depth in KINDS[1:]}


def test_every_kind_has_an_entry_with_a_meaning_and_something_to_do() -> None:
    assert set(ENTRIES) == {kind.code for kind, _ in KINDS}
    assert [code for code, text in ENTRIES.items() if "**What to do.**" not in text or "**Meaning.**" not in text] == []


def test_an_entry_says_whether_trying_again_helps() -> None:
    wrong = [kind.code for kind, _ in KINDS if ("The same call may succeed later." in ENTRIES.get(kind.code, "")) != kind.retryable]
    assert wrong == []


def test_no_error_lives_outside_the_one_tree() -> None:
    assert [kind.__qualname__ for kind, _ in _tree() if kind.__module__ != errors.__name__] == []
