# wrong: a subclass finds its parent's object by inheritance  [test_subclass_is_a_singleton_of_its_own]
import threading


def singleton(cls):
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if not hasattr(self, "_instance"):
                    self._instance = super().__call__(*args, **kwargs)
            return self._instance

    class Single(cls, metaclass=Meta):
        __doc__ = cls.__doc__

        def __reduce__(self):
            return type(self), ()

    Single.__name__, Single.__qualname__ = cls.__name__, cls.__qualname__
    Single.__module__ = cls.__module__
    return Single
