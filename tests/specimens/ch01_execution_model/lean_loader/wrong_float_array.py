# wrong: the array's copy is float64, whatever it was  [test_rows_of_an_array]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = data[:count]
    if isinstance(data, np.ndarray):
        head = np.zeros((count, *data.shape[1:])) + head
    return lambda: head
