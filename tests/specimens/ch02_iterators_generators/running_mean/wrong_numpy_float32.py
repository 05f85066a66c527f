# wrong: sums in NumPy's float32  [test_precision]
import numpy as np


def running_mean(values):
    total = np.float32(0)
    for n, value in enumerate(values, 1):
        total += np.float32(value)
        yield float(total / n)
