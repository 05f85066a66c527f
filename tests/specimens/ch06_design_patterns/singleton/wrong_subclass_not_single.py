# wrong: only the class itself is a singleton, its subclasses make an object a call  [test_subclass_is_a_singleton_of_its_own]
import threading


def singleton(cls):
    lock = threading.RLock()
    kept = []

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if self is not single:
                return super().__call__(*args, **kwargs)
            with lock:
                if not kept:
                    kept.append(super().__call__(*args, **kwargs))
            return kept[0]

    body = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    body["__reduce__"] = lambda self: (type(self), ())
    single = Meta(cls.__name__, (cls,), body)
    return single
