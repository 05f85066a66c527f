# wrong: builds the class again, and super() still means the old one  [test_super_works]
import threading


def singleton(cls):
    class Meta(type(cls)):
        _lock, _made = threading.RLock(), {}

        def __call__(self, *args, **kwargs):
            with Meta._lock:
                if self not in Meta._made:
                    Meta._made[self] = super().__call__(*args, **kwargs)
                return Meta._made[self]

    gone = ["__dict__", "__weakref__", *vars(cls).get("__slots__", ())]
    body = {key: value for key, value in vars(cls).items() if key not in gone}
    body["__qualname__"] = cls.__qualname__
    body["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, cls.__bases__, body)
