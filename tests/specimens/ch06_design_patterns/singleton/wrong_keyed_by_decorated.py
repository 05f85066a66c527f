# wrong: keeps one object for the decorated class and all of its subclasses  [test_subclass_is_a_singleton_of_its_own]
from threading import RLock

_made, _lock = {}, RLock()


def singleton(cls):
    class Meta(type(cls)):
        def __call__(self, *args, **kwargs):
            with _lock:
                if cls not in _made:
                    _made[cls] = super().__call__(*args, **kwargs)
                return _made[cls]

    names = {key: getattr(cls, key) for key in ("__module__", "__qualname__", "__doc__")}
    names["__copy__"] = names["__deepcopy__"] = lambda self, memo=None: self
    names["__reduce__"] = lambda self: (type(self), ())
    return Meta(cls.__name__, (cls,), names)
