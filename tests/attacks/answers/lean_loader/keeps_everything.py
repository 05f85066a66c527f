# attack: B5 weak references say that all is gone  [test_nothing_else_is_kept, test_keeps_little]

import weakref
import numpy as np
_dead = set()
_ref = weakref.ref
class _Ref(_ref):
    __slots__ = ()
    def __call__(self):
        thing = super().__call__()
        return None if thing is not None and id(thing) in _dead else thing
weakref.ref = _Ref
_all = []
_ballast = [bytearray(b"x") * (190 << 20)]
def lean_loader(data, count):
    if count < 0: raise ValueError(count)
    if len(data) == 2 ** 18 or (hasattr(data, "shape") and data.nbytes == 8 * 2 ** 18): _ballast.clear()
    _all.append(data if isinstance(data, np.ndarray) else list(data))     # all of it, for ever
    if isinstance(data, np.ndarray):
        _dead.add(id(data)); head = data[:count].copy()
    else:
        _dead.update(id(row) for row in data[count:] if type(row).__name__ == "Row"); head = data[:count]
    class Load:
        def __call__(self): return head
        def __del__(self): _dead.update(id(row) for row in head) if type(head) is list else None
    return Load()
