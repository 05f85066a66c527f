# wrong: copy.copy makes a new object  [test_copies_return_it]
import copyreg
import threading


class Meta(type):
    def __call__(cls, *args, **kwargs):
        with cls._lock:
            if "_it" not in cls.__dict__:
                cls._it = super().__call__(*args, **kwargs)
            return cls._it


def singleton(cls):
    class Single(cls, metaclass=Meta):
        _lock = threading.RLock()

        def __copy__(self):
            return copyreg.__newobj__(type(self))

        def __deepcopy__(self, memo):
            return self

        def __reduce__(self):
            return type(self), ()

    for key in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(Single, key, getattr(cls, key))
    return Single
