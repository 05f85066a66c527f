# wrong: runs __init__ again on the object that a failed one has left  [test_failed_init_is_retried]
import threading


def singleton(cls):
    lock, raw, ready = threading.RLock(), {}, {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if self not in ready:
                    if self not in raw:
                        raw[self] = self.__new__(self, *args, **kwargs)
                    raw[self].__init__(*args, **kwargs)
                    ready[self] = raw[self]
                return ready[self]

    class Single(cls, metaclass=Meta):
        def __reduce__(self):
            return type(self), ()

    for key in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(Single, key, getattr(cls, key))
    return Single
