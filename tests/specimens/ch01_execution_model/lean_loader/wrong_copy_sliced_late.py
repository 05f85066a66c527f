# wrong: a copy of all rows, sliced when it is asked  [test_nothing_else_is_kept]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    everything = data.copy()

    def load():
        head = everything[:count]
        return head if isinstance(head, list) else head.copy()

    return load
