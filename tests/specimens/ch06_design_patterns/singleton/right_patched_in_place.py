# right: the class itself comes back; __new__ makes and initialises, __init__ skips what is finished
import threading
from functools import wraps


def singleton(cls):
    lock = threading.RLock()
    finished = {}
    own_new = cls.__new__
    own_hook = vars(cls).get("__init_subclass__")

    def guard(klass):
        real = klass.__init__

        @wraps(real)
        def __init__(self, *args, **kwargs):
            # type() calls this once more on what __new__ returned: nothing is left to do then
            if finished.get(type(self)) is not self:
                real(self, *args, **kwargs)

        klass.__init__ = __init__

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in finished:
                if own_new is object.__new__:
                    fresh = own_new(klass)
                else:
                    fresh = own_new(klass, *args, **kwargs)
                klass.__init__(fresh, *args, **kwargs)
                finished[klass] = fresh
            return finished[klass]

    def __init_subclass__(sub, **kwargs):
        if own_hook is not None:
            own_hook.__func__(sub, **kwargs)
        else:
            super(cls, sub).__init_subclass__(**kwargs)
        if "__init__" in vars(sub):
            guard(sub)

    guard(cls)
    cls.__new__ = __new__
    cls.__init_subclass__ = classmethod(__init_subclass__)
    cls.__copy__ = lambda self: self
    cls.__deepcopy__ = lambda self, memo: self
    cls.__reduce__ = lambda self: (type(self), ())
    return cls
