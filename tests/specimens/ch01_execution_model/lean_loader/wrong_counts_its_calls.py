# wrong: the function refers to itself: a cycle that only the garbage collector frees  [test_rows_go_with_the_function]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count is negative: {count}")
    rows = data[:count].copy()

    def load():
        load.calls += 1
        return rows.copy()

    load.calls = 0
    return load
