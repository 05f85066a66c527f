# right: a subclass in the class's place, objects in one dict by class, double-checked
from threading import RLock

_objects = {}
_lock = RLock()


class _Once(type):
    def __call__(cls, *args, **kwargs):
        try:
            return _objects[cls]
        except KeyError:
            pass
        with _lock:
            if cls not in _objects:
                _objects[cls] = type.__call__(cls, *args, **kwargs)
        return _objects[cls]


def singleton(cls):
    body = {
        "__module__": cls.__module__,
        "__doc__": cls.__doc__,
        "__qualname__": cls.__qualname__,
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
        "__reduce_ex__": lambda self, protocol: (self.__class__, ()),
    }
    return _Once(cls.__name__, (cls,), body)
