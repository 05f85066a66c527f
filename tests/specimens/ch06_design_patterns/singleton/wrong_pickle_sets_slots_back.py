# wrong: the pickle carries the slots of an object with __slots__, and loads writes them into the one object  [test_pickle_returns_it]
from __future__ import annotations

import threading

_NOTHING = object()


def _existing(cls):
    return cls()


class _One(type):
    def __init__(cls, name, bases, namespace, **options):
        super().__init__(name, bases, namespace)
        _prepare(cls)

    def __call__(cls, *args, **kwargs):
        kept = cls.__dict__["_one_object"]
        if kept is not _NOTHING:
            return kept
        with cls._one_lock:
            if cls.__dict__["_one_object"] is _NOTHING:
                cls._one_object = super().__call__(*args, **kwargs)
            return cls.__dict__["_one_object"]


def _prepare(cls):
    cls._one_object = _NOTHING
    cls._one_lock = threading.RLock()


def _itself(self, memo=None):
    return self


def _reduce(self, protocol):
    names = [name for base in type(self).__mro__ for name in base.__dict__.get("__slots__", ())]
    state = {name: getattr(self, name) for name in names if hasattr(self, name)}
    return _existing, (type(self),), (None, state) if state else None


class _Shim:
    __slots__ = ()
    __copy__ = _itself
    __deepcopy__ = _itself
    __reduce_ex__ = _reduce

    def __init_subclass__(cls, **options):
        if "_one_disguise" not in cls.__dict__:
            super().__init_subclass__(**options)


def singleton(cls):
    if isinstance(cls, _One):  # a subclass of a decorated class
        return cls
    namespace = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    namespace["__annotations__"] = cls.__dict__.get("__annotations__", {})
    namespace["_one_disguise"] = True
    namespace["__slots__"] = ()
    one = _One(cls.__name__, (_Shim, cls), namespace)
    if "__slots__" in cls.__dict__:
        one.__slots__ = cls.__slots__
    else:
        del one.__slots__
    return one
