# wrong: patches the class and forgets to return it  [test_one_object]
import threading


def singleton(cls):
    cls._lock = threading.Lock()
    cls._instance = None

    def __new__(klass, *args, **kwargs):
        with klass._lock:
            if klass._instance is None:
                klass._instance = object.__new__(klass)
        return klass._instance

    cls.__new__ = __new__
