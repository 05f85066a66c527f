# wrong: the rows are right, but a default argument still holds the data  [test_nothing_else_is_kept]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = data[:count]
    if isinstance(data, np.ndarray):
        head = np.copy(head)

    def load(source=data, rows=head):
        return rows

    return load
