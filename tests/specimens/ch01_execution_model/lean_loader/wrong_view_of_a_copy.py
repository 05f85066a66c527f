# wrong: copies the whole array and slices the copy  [test_keeps_little]
import copy


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = copy.copy(data)[:count]
    return lambda: head
