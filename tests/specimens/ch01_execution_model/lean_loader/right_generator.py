# right: the bound __next__ of a generator that yields the same rows for ever
def _again_and_again(rows):
    while True:
        yield rows


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count may not be {count}")
    head = [row for _, row in zip(range(count), data)] if type(data) is list else data[:count].copy()
    return _again_and_again(head).__next__
