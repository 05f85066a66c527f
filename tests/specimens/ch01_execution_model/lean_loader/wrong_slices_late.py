# wrong: the slice is taken in the closure, which keeps the whole list  [test_later_changes]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")

    def load():
        head = data[:count]
        return head if isinstance(head, list) else head.copy()

    return load
