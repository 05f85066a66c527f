# wrong: takes the rows at the first call, and keeps the data until then  [test_nothing_else_is_kept]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    cache = []

    def load():
        nonlocal data
        if not cache:
            cache.append(data[:count] if isinstance(data, list) else data[:count].copy())
            data = None
        return cache[0]

    return load
