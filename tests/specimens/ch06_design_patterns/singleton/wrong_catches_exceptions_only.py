# wrong: an interrupted __init__ leaves its object, for only Exception is cleaned up after  [test_failed_init_is_retried]
import threading


class Meta(type):
    lock, objects = threading.RLock(), {}

    def __call__(cls, *args, **kwargs):
        with Meta.lock:
            if cls not in Meta.objects:
                made = Meta.objects[cls] = cls.__new__(cls, *args, **kwargs)
                try:
                    made.__init__(*args, **kwargs)
                except Exception:
                    del Meta.objects[cls]
                    raise
            return Meta.objects[cls]


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
