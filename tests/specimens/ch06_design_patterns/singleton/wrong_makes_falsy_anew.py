# wrong: asks whether the object is true, not whether there is one  [test_any_kind_of_class]
import threading


def singleton(cls):
    lock, made = threading.RLock(), {}

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if not made.get(self):
                    made[self] = super().__call__(*args, **kwargs)
            return made[self]

    class Single(cls, metaclass=Meta):
        def __reduce__(self):
            return type(self), ()

    for key in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(Single, key, getattr(cls, key))
    return Single
