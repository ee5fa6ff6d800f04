"""The stretches of a recording, decoded one after the other."""

from collections.abc import Iterator

import numpy as np

from corpus.channels import FRAME
from corpus.heard import Survey
from corpus.recordings import RATE, Signal, decoded


def signals_of(surveyed: Survey, first: int = 0) -> Iterator[tuple[int, list[Signal], float]]:
    """(index, each voice's samples, when it begins in seconds) of the stretches from `first` on; never more than one in memory."""
    blocks = decoded(surveyed.path)
    waiting: Signal | None = None
    at = 0
    for index, (start, stop) in enumerate(surveyed.stretches):
        while waiting is None or at + waiting.shape[1] < stop * FRAME:
            block = next(blocks, None)
            if block is None:
                break
            waiting = block if waiting is None else np.concatenate([waiting, block], axis=1)
        if waiting is None:
            return
        here, waiting, at = waiting[:, : stop * FRAME - at], waiting[:, stop * FRAME - at :], stop * FRAME
        if index >= first:
            yield index, surveyed.voices.signals(here), start * FRAME / RATE
