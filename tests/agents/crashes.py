"""A process that dies at a given moment, as far as a test can play it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver


@contextmanager
def killed_before_checkpoint(n: int) -> Iterator[None]:
    """What runs inside dies right before its n-th checkpoint: what its steps wrote is kept, the checkpoint is not."""
    real, written = AsyncSqliteSaver.aput, itertools.count(1)

    async def killed(self: Any, *given: Any, **more: Any) -> Any:
        if next(written) >= n:
            raise RuntimeError("the machine went down")
        return await real(self, *given, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AsyncSqliteSaver, "aput", killed)
        with pytest.raises(RuntimeError, match="the machine went down"):
            yield
