# wrong: the rows are right, but a default argument still holds the data  [test_other_rows_go]
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
