# wrong: hands a negative count to the slice  [test_negative_count]
def lean_loader(data, count):
    head = data[:count]
    if not isinstance(head, list):
        head = head.copy()
    return lambda: head
