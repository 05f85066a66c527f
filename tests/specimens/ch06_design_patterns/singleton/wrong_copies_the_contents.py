# wrong: deepcopy finds the object, then puts copies of its attributes in  [test_copies_return_it]
import threading


def singleton(cls):
    lock, finished = threading.RLock(), {}
    made_by = cls.__new__

    def guard(klass):
        init = klass.__init__

        def __init__(self, *args, **kwargs):
            if finished.get(type(self)) is not self:
                init(self, *args, **kwargs)

        klass.__init__ = __init__

    def __new__(klass, *args, **kwargs):
        with lock:
            if klass not in finished:
                fresh = made_by(klass, *(() if made_by is object.__new__ else args))
                fresh.__init__(*args, **kwargs)
                finished[klass] = fresh
            return finished[klass]

    cls.__new__ = __new__
    cls.__init_subclass__ = classmethod(lambda sub: guard(sub))
    guard(cls)
    return cls
