# wrong: one place for the object of every class, by name  [test_classes_do_not_share]
import threading

_objects = {}
_lock = threading.RLock()


def singleton(cls):
    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            key = f"{self.__module__}.{self.__qualname__}"
            with _lock:
                if key not in _objects:
                    _objects[key] = super().__call__(*args, **kwargs)
                return _objects[key]

    class Single(cls, metaclass=Meta):
        __doc__, __module__, __qualname__ = cls.__doc__, cls.__module__, cls.__qualname__
        __name__ = cls.__name__

        def __reduce__(self):
            return type(self), ()

    Single.__name__ = cls.__name__
    return Single
