# wrong: raises an error of its own when __init__ fails  [test_failed_init_is_retried]
import threading

LOCK = threading.RLock()


class Meta(type):
    def __call__(cls, *args, **kwargs):
        with LOCK:
            if "_one" not in cls.__dict__:
                try:
                    cls._one = super().__call__(*args, **kwargs)
                except Exception as error:
                    raise RuntimeError(f"no {cls.__name__} could be made") from error
            return cls._one


def singleton(cls):
    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
