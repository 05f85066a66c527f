# wrong: thinks of copy and pickle, deepcopy makes a new object  [test_copies_return_it]
import threading

_lock = threading.RLock()
_objects = {}


def _find(cls):
    return _objects[cls]


def singleton(cls):
    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with _lock:
                if self not in _objects:
                    _objects[self] = super().__call__(*args, **kwargs)
            return _objects[self]

    def deepcopy(self, memo):
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        twin.__dict__.update(self.__dict__)
        return twin

    body = {name: getattr(cls, name) for name in ("__doc__", "__module__", "__qualname__")}
    body["__copy__"], body["__deepcopy__"] = (lambda self: self), deepcopy
    body["__reduce__"] = lambda self: (_find, (type(self),))
    return Meta(cls.__name__, (cls,), body)
