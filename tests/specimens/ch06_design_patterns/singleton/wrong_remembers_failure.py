# wrong: after a failed __init__ every call gives the unfinished object  [test_failed_init_is_retried]
import threading


def singleton(cls):
    lock, objects = threading.RLock(), {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if self not in objects:
                    objects[self] = self.__new__(self, *args, **kwargs)
                    objects[self].__init__(*args, **kwargs)
                return objects[self]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
