# wrong: a class without a docstring gets an empty one  [test_keeps_its_names]
import threading

_LOCK = threading.RLock()


class Meta(type):
    made = {}

    def __call__(cls, *args, **kwargs):
        with _LOCK:
            if cls not in Meta.made:
                Meta.made[cls] = super().__call__(*args, **kwargs)
            return Meta.made[cls]


def singleton(cls):
    new = Meta(cls.__name__, (cls,), {"__doc__": cls.__doc__ or ""})
    new.__qualname__ = cls.__qualname__
    new.__module__ = cls.__module__
    new.__reduce__ = lambda self: (type(self), ())
    new.__copy__ = lambda self: self
    new.__deepcopy__ = lambda self, memo: self
    return new
