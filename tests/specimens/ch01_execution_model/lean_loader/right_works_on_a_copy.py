# right: copies everything first and cuts that down to size; functools.partial instead of a closure
import functools


def _same(rows):
    return rows


def lean_loader(data, count):
    if count < 0:
        raise ValueError("a negative count")
    rows = data.copy()
    if isinstance(rows, list):
        del rows[count:]
    else:
        rows.resize((count, *rows.shape[1:]), refcheck=False)
    return functools.partial(_same, rows)
