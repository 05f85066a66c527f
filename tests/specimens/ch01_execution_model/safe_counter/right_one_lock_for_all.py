# right: a decorator that holds one lock for all counters; __setattr__ guards the value
import functools
import threading

_LOCK = threading.Condition()


def exclusive(method):
    @functools.wraps(method)
    def run(self, *args, **kwargs):
        with _LOCK:
            return method(self, *args, **kwargs)

    return run


class SafeCounter:
    def __init__(self, start=0):
        vars(self)["total"] = int(start)

    def __setattr__(self, name, value):
        raise AttributeError(f"{name} is read-only")

    @exclusive
    def add(self, n=1):
        total = vars(self)["total"]
        total += int(n)
        vars(self)["total"] = total

    @property
    @exclusive
    def value(self):
        return vars(self)["total"]
