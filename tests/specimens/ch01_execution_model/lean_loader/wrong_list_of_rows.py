# wrong: an array becomes a list of its rows  [test_rows_of_an_array]
def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = [row if isinstance(data, list) else row.copy() for row in data[:count]]
    return lambda: head
