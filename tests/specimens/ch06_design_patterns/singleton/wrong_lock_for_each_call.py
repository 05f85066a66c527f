# wrong: every call makes a lock of its own, which nobody else waits for  [test_threads]
import threading


class Meta(type):
    def __call__(cls, *args, **kwargs):
        lock = threading.Lock()
        with lock:
            if "instance" not in cls.__dict__:
                cls.instance = type.__call__(cls, *args, **kwargs)
        return cls.instance


def singleton(cls):
    body = dict(__module__=cls.__module__, __qualname__=cls.__qualname__, __doc__=cls.__doc__)
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
