# wrong: after a failed __init__ every call gives the unfinished object  [test_failed_init_is_retried]
import threading


def singleton(cls):
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if vars(self).get("_it") is None:
                with lock:
                    if vars(self).get("_it") is None:
                        made = self.__new__(self, *args, **kwargs)
                        try:
                            made.__init__(*args, **kwargs)
                        finally:
                            self._it = made
            return self._it

    body = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
        "__reduce__": lambda self: (type(self), ()),
    }
    return Meta(cls.__name__, (cls,), body)
