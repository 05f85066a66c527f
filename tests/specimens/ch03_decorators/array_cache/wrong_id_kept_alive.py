# wrong: the key is id(), with the argument kept alive  [test_mutated_input]
import copy
import functools
import threading


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(maxsize)

    def decorate(function):
        kept, lock = {}, threading.RLock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = (tuple(map(id, args)), tuple((k, id(v)) for k, v in sorted(kwargs.items())))
            with lock:
                if key not in kept:
                    kept[key] = args, kwargs, copy.deepcopy(function(*args, **kwargs))
                    if len(kept) > maxsize:
                        del kept[next(iter(kept))]
                return copy.deepcopy(kept[key][2])

        return wrapper

    return decorate
