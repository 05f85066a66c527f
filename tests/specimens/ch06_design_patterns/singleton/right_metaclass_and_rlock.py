# right: a metaclass derived from that of the class, with a reentrant lock for each class
from __future__ import annotations

import functools
import threading


def _only(cls):
    return cls()


def singleton(cls):
    meta = type(cls)

    class Single(meta):
        def __call__(self, *args, **kwargs):
            state = self.__dict__.get("_single_state")
            if state is None:
                with _creation:
                    state = self.__dict__.get("_single_state")
                    if state is None:
                        state = {"lock": threading.RLock()}
                        type.__setattr__(self, "_single_state", state)
            if "object" not in state:
                with state["lock"]:
                    if "object" not in state:
                        made = super().__call__(*args, **kwargs)
                        state["object"] = made
            return state["object"]

    Single.__name__, Single.__qualname__ = f"Single{meta.__name__}", f"Single{meta.__qualname__}"
    slots = cls.__dict__.get("__slots__", ())
    names = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__copy__": lambda self: self,
        "__deepcopy__": lambda self, memo: self,
        "__reduce_ex__": lambda self, protocol: (_only, (type(self),)),
    }
    if "__slots__" in cls.__dict__:
        names["__slots__"] = ()
    return Single(cls.__name__, (cls,), names)


_creation = threading.Lock()
