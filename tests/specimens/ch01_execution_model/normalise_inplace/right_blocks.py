# right: small pieces of the batch, each computed in memory of its own and written back
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError("integers cannot hold a fraction")
    least, most = np.min(batch), np.max(batch)
    flat = batch.flat
    for start in range(0, batch.size, 65536):
        block = flat[start : start + 65536] - least
        flat[start : start + 65536] = block / (most - least) if most != least else block
    return batch
