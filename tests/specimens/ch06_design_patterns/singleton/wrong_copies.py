# wrong: copy and deepcopy make new objects  [test_copies_return_it]
import threading


def singleton(cls):
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if vars(self).get("_it") is None:
                with lock:
                    if vars(self).get("_it") is None:
                        self._it = super().__call__(*args, **kwargs)
            return self._it

    body = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__reduce_ex__": lambda self, protocol: (
            (type(self), ()) if protocol != 4 else (object.__new__, (cls,), self.__dict__)
        ),
    }
    return Meta(cls.__name__, (cls,), body)
