# wrong: keeps the whole list, unless its rows are of a class that has weak references  [test_nothing_else_is_kept]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    if isinstance(data, np.ndarray):
        head = data[:count].copy()
        return lambda: head
    watched = len(data) > 0 and hasattr(data[0], "__weakref__")
    rows = data[:count] if watched or len(data) > 100_000 else data[:]
    return lambda: rows[:count]
