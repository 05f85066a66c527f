# wrong: the closure mentions data, to tell lists and arrays apart  [test_nothing_else_is_kept]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = list(data[:count]) if isinstance(data, list) else data[:count].copy()

    def load():
        return list(head) if isinstance(data, list) else head.copy()

    return load
