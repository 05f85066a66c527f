# wrong: notes on the object that it is ready, which __slots__ do not allow  [test_any_kind_of_class]
import threading


def singleton(cls):
    lock, objects = threading.RLock(), {}
    new = cls.__new__

    def guard(klass):
        init = klass.__init__

        def __init__(self, *args, **kwargs):
            if not hasattr(self, "_ready"):
                init(self, *args, **kwargs)

        klass.__init__ = __init__

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in objects:
                made = new(klass) if new is object.__new__ else new(klass, *args, **kwargs)
                made.__init__(*args, **kwargs)
                made._ready = True
                objects[klass] = made
            return objects[klass]

    guard(cls)
    cls.__new__ = __new__
    cls.__init_subclass__ = classmethod(lambda sub: guard(sub))
    cls.__copy__ = cls.__deepcopy__ = lambda self, memo=None: self
    cls.__reduce__ = lambda self: (type(self), ())
    return cls
