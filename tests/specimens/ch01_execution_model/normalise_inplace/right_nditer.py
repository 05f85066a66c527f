# right: np.nditer hands out buffered parts of the batch
from __future__ import annotations

import numpy as np


def normalise_(batch: np.ndarray) -> np.ndarray:
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"normalise_ needs a float batch, got {batch.dtype}")
    if not batch.flags.writeable:
        raise ValueError("normalise_ works in place, and this batch is read-only")
    low, high = batch.min(), batch.max()
    span = high - low
    with np.nditer(
        batch,
        flags=["external_loop", "buffered", "refs_ok", "zerosize_ok"],
        op_flags=[["readwrite"]],
        buffersize=4096,
    ) as walk:
        for part in walk:
            part -= low
            if span:
                part /= span
    return batch
