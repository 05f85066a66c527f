import threading


def singleton(cls):
    lock = threading.Lock()
    instances = {}

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in instances:
                instances[klass] = object.__new__(klass)
            return instances[klass]

    cls.__new__ = __new__
    cls.__copy__ = lambda self: self
    cls.__deepcopy__ = lambda self, memo: self
    cls.__reduce__ = lambda self: (type(self), ())
    return cls
