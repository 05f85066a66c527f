# right: a lambda over copy.copy of the slice, which is a copy of a view's values
import copy


def lean_loader(data, count):
    if count < 0:
        raise ValueError("count is negative: %r" % count)
    rows = copy.copy(data[:count])
    return lambda: rows
