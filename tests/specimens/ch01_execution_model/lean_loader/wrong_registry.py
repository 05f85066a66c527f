# wrong: a registry of the module keeps the rows of every loader for ever  [test_rows_go_with_the_function]
import itertools

kept, numbers = {}, itertools.count()


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    number = next(numbers)
    kept[number] = data[:count] if isinstance(data, list) else data[:count].copy()
    return lambda: kept[number]
