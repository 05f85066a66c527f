# wrong: an array is sliced and not copied  [test_rows_of_an_array]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = data[:count]
    return lambda: head
