# wrong: overrides __new__ only, so __init__ runs at every call  [test_one_object]
import threading


def singleton(cls):
    lock = threading.Lock()
    cls._instances = {}

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in cls._instances:
                cls._instances[klass] = object.__new__(klass)
            return cls._instances[klass]

    cls.__new__ = __new__
    cls.__copy__ = lambda self: self
    cls.__deepcopy__ = lambda self, memo: self
    cls.__reduce__ = lambda self: (klass_of(self), ())
    return cls


def klass_of(self):
    return type(self)
