# wrong: unpickling gives the object and overwrites it with its old state  [test_pickle_returns_it]
import threading


class Meta(type):
    lock = threading.RLock()

    def __call__(cls, *args, **kwargs):
        with Meta.lock:
            if "_single" not in vars(cls):
                cls._single = super().__call__(*args, **kwargs)
            return vars(cls)["_single"]


def singleton(cls):
    class Single(cls, metaclass=Meta):
        __doc__, __module__ = cls.__doc__, cls.__module__

        def __copy__(self):
            return self

        def __deepcopy__(self, memo):
            return self

        def __reduce__(self):
            return type(self), (), self.__dict__

    Single.__name__, Single.__qualname__ = cls.__name__, cls.__qualname__
    return Single
