# right: torch tensors over the same memory, where numpy lends it; numpy methods elsewhere
import numpy as np
import torch


def normalise_(batch):
    if batch.dtype.kind != "f":
        raise TypeError(f"dtype {batch.dtype} cannot hold numbers between 0 and 1")
    if not batch.flags["WRITEABLE"]:
        raise ValueError("assignment destination is read-only")
    try:
        lent = torch.from_numpy(batch)
    except (ValueError, TypeError):  # negative strides, foreign byte order
        low = np.amin(batch)
        span = np.ptp(batch)
        np.subtract(batch, low, out=batch)
        np.divide(batch, span, out=batch, where=bool(span))
        return batch
    with torch.no_grad():
        low, high = lent.amin(), lent.amax()
        lent.sub_(low)
        if high > low:
            lent.div_(high - low)
    return batch
