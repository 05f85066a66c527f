# wrong: an iterator of the rows, which the first call uses up  [test_rows_of_a_list]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    if isinstance(data, np.ndarray):
        head = data[:count].copy()
        return lambda: head
    rows = iter(data[:count])
    return lambda: list(rows)
