# wrong: a list becomes an array  [test_rows_of_a_list]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = np.array(data[:count])
    return lambda: head
