# wrong: the rows lie in a global, where the next loader replaces them  [test_later_changes]
rows = None


def lean_loader(data, count):
    global rows
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    rows = data[:count] if isinstance(data, list) else data[:count].copy()
    return lambda: rows
