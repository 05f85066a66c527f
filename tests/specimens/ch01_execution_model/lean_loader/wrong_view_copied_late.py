# wrong: keeps the view and copies it for each caller  [test_nothing_else_is_kept]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = data[:count]

    def load():
        return np.array(head) if isinstance(head, np.ndarray) else head

    return load
