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
    body = {name: getattr(cls, name) for name in ("__module__", "__doc__", "__qualname__")}
    body["__copy__"] = body["__deepcopy__"] = lambda self, memo=None: self
    body["__reduce_ex__"] = lambda self, protocol: (self.__class__, ())
    return _Once(cls.__name__, (cls,), body)
