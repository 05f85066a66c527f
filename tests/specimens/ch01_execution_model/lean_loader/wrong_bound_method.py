# wrong: a partial of the bound method data.__getitem__  [test_later_changes]
import functools


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    if isinstance(data, list):
        return functools.partial(data.__getitem__, slice(count))
    head = data[:count].copy()
    return lambda: head
