# right: sum and count are NumPy scalars
import numpy as np
def running_mean(values):
    total = np.float64(0)
    n = np.int64(0)
    for v in values:
        total += v; n += 1
        yield total / n
