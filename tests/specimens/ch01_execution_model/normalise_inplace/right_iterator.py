# right: np.nditer hands out buffers that are written back
import numpy as np


def normalise_(batch):
    if not isinstance(batch, np.ndarray) or not np.issubdtype(batch.dtype, np.floating):
        raise TypeError("wants an array of floats")
    low = batch.min()
    span = batch.max() - low
    if span == 0:
        batch.fill(0)
        return batch
    flags = ["external_loop", "buffered"]
    with np.nditer(batch, flags=flags, op_flags=["readwrite"], buffersize=8192) as chunks:
        for chunk in chunks:
            chunk[...] = (chunk - low) / span
    return batch
