# wrong: keeps the object before __init__ has run, and hands it out  [test_threads]
import threading


def singleton(cls):
    lock = threading.RLock()
    objects = {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if self in objects:
                return objects[self]
            with lock:
                if self not in objects:
                    objects[self] = self.__new__(self, *args, **kwargs)
                    try:
                        objects[self].__init__(*args, **kwargs)
                    except BaseException:
                        del objects[self]
                        raise
                return objects[self]

    body = {key: getattr(cls, key) for key in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
