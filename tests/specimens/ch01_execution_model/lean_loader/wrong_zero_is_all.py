# wrong: takes 0 for "no limit"  [test_any_count]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = data[: count or None]
    if not isinstance(head, list):
        head = head.copy()
    return lambda: head
