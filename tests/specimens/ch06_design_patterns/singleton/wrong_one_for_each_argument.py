# wrong: remembers an object for each combination of arguments  [test_one_object]
import functools
import threading


def singleton(cls):
    lock = threading.RLock()

    class Cached(type(cls)):
        @functools.cache
        def make(self, *args, **kwargs):
            return super().__call__(*args, **kwargs)

        def __call__(self, *args, **kwargs):
            with lock:
                return self.make(*args, **kwargs)

    return Cached(cls.__name__, (cls,), {"__doc__": cls.__doc__, "__module__": cls.__module__})
