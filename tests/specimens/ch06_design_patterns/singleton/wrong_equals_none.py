# wrong: asks whether the object == None, to which it may say yes  [test_any_kind_of_class]
import threading

LOCK = threading.RLock()


class Meta(type):
    def __call__(cls, *args, **kwargs):
        with LOCK:
            if cls.__dict__.get("_one") == None:  # noqa: E711
                cls._one = super().__call__(*args, **kwargs)
            return cls._one


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
