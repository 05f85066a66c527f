# wrong: computes each time  [test_equal_content_is_a_hit]
import copy
import functools
import threading


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(maxsize)

    def decorate(function):
        lock = threading.Lock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with lock:
                return copy.deepcopy(function(*args, **kwargs))

        return wrapper

    return decorate
