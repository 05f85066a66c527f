# wrong: the class that comes back is called Meta's child, without its docstring  [test_still_a_class]
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
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
        "__reduce__": lambda self: (type(self), ()),
    }
    return Meta("Singleton", (cls,), body)
