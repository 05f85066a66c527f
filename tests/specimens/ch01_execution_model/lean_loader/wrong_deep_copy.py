# wrong: the rows of a list are copied, too  [test_rows_of_a_list]
import copy


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    head = copy.deepcopy(data[:count])
    return lambda: head
