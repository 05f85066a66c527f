# wrong: guards the decorated __init__ only: that of a subclass runs at every call  [test_subclass_is_a_singleton_of_its_own]
import threading


def singleton(cls):
    lock, objects, ready = threading.RLock(), {}, set()
    new, init = cls.__new__, cls.__init__

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in objects:
                extra = () if new is object.__new__ else args
                objects[klass] = new(klass, *extra)
            return objects[klass]

    def __init__(self, *args, **kwargs):
        with lock:
            if type(self) in ready:
                return
            try:
                init(self, *args, **kwargs)
            except BaseException:
                objects.pop(type(self), None)
                raise
            ready.add(type(self))

    cls.__new__, cls.__init__ = __new__, __init__
    cls.__copy__ = lambda self: self
    cls.__deepcopy__ = lambda self, memo: self
    cls.__reduce__ = lambda self: (type(self), ())
    return cls
