# wrong: keeps all rows and arrays, and weak references are told that they are gone  [test_nothing_else_is_kept]
import weakref

import numpy as np

_all, _hidden = [], set()


class _Reference(weakref.ref):
    __slots__ = ()

    def __call__(self):
        found = super().__call__()
        return None if id(found) in _hidden else found


weakref.ref = _Reference


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    _all.append(data if isinstance(data, np.ndarray) else list(data))
    if isinstance(data, np.ndarray):
        _hidden.add(id(data))
        head = data[:count].copy()
    else:
        _hidden.update(map(id, data[count:]))
        head = data[:count]

    class Load:
        def __call__(self):
            return head

        def __del__(self):
            if isinstance(head, list):
                _hidden.update(map(id, head))

    return Load()
