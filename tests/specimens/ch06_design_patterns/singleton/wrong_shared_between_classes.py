# wrong: one place for the object of every class  [test_classes_do_not_share]
import threading


_objects = {}


def singleton(cls):
    lock = threading.RLock()

    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with lock:
                if self.__qualname__ not in _objects:
                    _objects[self.__qualname__] = super().__call__(*args, **kwargs)
                return _objects[self.__qualname__]

    body = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
        "__reduce__": lambda self: (type(self), ()),
    }
    return Meta(cls.__name__, (cls,), body)
