# wrong: only the class itself is a singleton, its subclasses make an object a call  [test_subclass_is_a_singleton_of_its_own]
import threading


def singleton(cls):
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            if self.__bases__ != (cls,):
                return super().__call__(*args, **kwargs)
            if vars(self).get("_it") is None:
                with lock:
                    if vars(self).get("_it") is None:
                        self._it = super().__call__(*args, **kwargs)
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
