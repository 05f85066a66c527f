# wrong: makes a lock for a subclass when it is first called: two threads make two  [test_threads]
import threading
import time


class Meta(type):
    def __call__(cls, *args, **kwargs):
        if "_lock" not in vars(cls):
            lock = threading.RLock()
            time.sleep(0)
            cls._lock = lock
        with cls._lock:
            if "_made" not in vars(cls):
                cls._made = super().__call__(*args, **kwargs)
            return cls._made


def singleton(cls):
    names = {key: getattr(cls, key) for key in ("__module__", "__qualname__", "__doc__")}
    made = Meta(cls.__name__, (cls,), {**names, "__reduce__": lambda self: (type(self), ())})
    made._lock = threading.RLock()
    return made
