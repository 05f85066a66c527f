# wrong: releases the lock only where nothing was raised  [test_failed_init_is_retried]
import threading


def singleton(cls):
    lock, made = threading.RLock(), {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            lock.acquire()
            if self not in made:
                made[self] = super().__call__(*args, **kwargs)
            lock.release()
            return made[self]

    body = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), body)
