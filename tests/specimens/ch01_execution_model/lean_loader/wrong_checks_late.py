# wrong: a negative count is refused when the loader runs  [test_negative_count]
def lean_loader(data, count):
    head = data[: max(count, 0)]
    if not isinstance(head, list):
        head = head.copy()

    def load():
        if count < 0:
            raise ValueError(f"count must not be negative: {count}")
        return head

    return load
