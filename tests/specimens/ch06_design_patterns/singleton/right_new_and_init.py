# right: the class is changed in place, __new__ and __init__ wrapped under a lock
import functools
import threading


def singleton(cls):
    lock = threading.RLock()
    instances = {}
    finished = set()
    old_new, old_init = cls.__new__, cls.__init__

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in instances:
                if old_new is object.__new__:
                    instances[klass] = old_new(klass)
                else:
                    instances[klass] = old_new(klass, *args, **kwargs)
            return instances[klass]

    def guard(klass):
        init = klass.__init__

        @functools.wraps(init)
        def __init__(self, *args, **kwargs):
            if type(self) is not klass:
                return init(self, *args, **kwargs)
            with lock:
                if klass in finished:
                    return None
                try:
                    init(self, *args, **kwargs)
                except BaseException:
                    instances.pop(klass, None)
                    raise
                finished.add(klass)

        klass.__init__ = __init__

    old_subclass = cls.__init_subclass__

    @classmethod
    def __init_subclass__(sub, **kwargs):
        old_subclass(**kwargs)
        guard(sub)

    cls.__new__ = __new__
    guard(cls)
    cls.__init_subclass__ = __init_subclass__
    cls.__copy__ = lambda self: self
    cls.__deepcopy__ = lambda self, memo: self
    cls.__reduce__ = lambda self: (type(self), ())
    return cls
