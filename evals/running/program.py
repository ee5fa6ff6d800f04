"""A digest of the program itself: the product and the harness."""

import hashlib
from functools import cache
from pathlib import Path

PROGRAM = Path(__file__).parents[2]
ROOMS = ("alignment", "corpus", "retrieval", "agents", "api", "evals")
_WORDS = (".py", ".md", ".json", ".jsonl")


@cache
def program_digest() -> str:
    """A digest of the product and of the harness, as this process found them; whatever changed in either is asked anew."""
    whole = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((PROGRAM / room).rglob("*")):
            if path.suffix in _WORDS and "samples" not in path.parts:
                whole.update(path.relative_to(PROGRAM).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
