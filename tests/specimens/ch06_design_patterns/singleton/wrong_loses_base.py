# wrong: the class that comes back holds the members but not the parents  [test_still_a_class]
import threading


class Single(type):
    def __call__(cls, *args, **kwargs):
        with cls.lock:
            if "it" not in vars(cls):
                cls.it = type.__call__(cls, *args, **kwargs)
            return cls.it


def singleton(cls):
    skipped = ("__dict__", "__weakref__")
    members = {key: value for key, value in vars(cls).items() if key not in skipped}
    return Single(cls.__name__, (), {**members, "lock": threading.RLock()})
