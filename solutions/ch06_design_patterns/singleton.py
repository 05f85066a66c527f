"""singleton: one object for a class, whatever threads, copies and pickles do."""

from __future__ import annotations

from typing import TypeVar

### BEGIN SOLUTION
import functools
import threading
from typing import Any

### END SOLUTION

T = TypeVar("T", bound=type)


def singleton(cls: T) -> T:
    """Decorate a class so that every call of it gives one and the same object.

    >>> @singleton
    ... class Config:
    ...     def __init__(self, path="default.toml"):
    ...         self.path = path
    >>> Config("a.toml") is Config("b.toml")
    True
    >>> Config().path
    'a.toml'
    >>> isinstance(Config, type) and isinstance(Config(), Config)
    True

    The first call makes the object; the arguments of later calls are ignored. Many threads may
    make that first call at once: ``__init__`` runs once, and nobody gets an object that it has
    not finished. If ``__init__`` raises, the caller gets the exception and the next call tries
    again.

    What comes back is still a class: it works with ``isinstance``, keeps its name, docstring
    and attributes, and can be subclassed; a subclass is a singleton with an object of its own.
    ``copy.copy``, ``copy.deepcopy`` and a pickle round trip give the one object, too.
    """
    ### BEGIN SOLUTION
    if not isinstance(cls, type):
        raise TypeError(f"singleton decorates a class, not {cls!r}")
    # Re-entrant: an __init__ may ask for another singleton of the same family.
    lock = threading.RLock()

    class Singleton(type(cls)):  # type: ignore[misc]
        """Calling a class runs its metaclass's ``__call__``: there a call becomes a look-up."""

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            # Looked up in the class's own __dict__: getattr would hand a subclass the object of
            # its parent. Read again under the lock, because another thread may have been first.
            made = vars(self).get("_singleton")
            if made is None:
                with lock:
                    made = vars(self).get("_singleton")
                    if made is None:
                        # __new__ and __init__, as for any class. What raises is not kept, and
                        # what is not finished is not kept yet.
                        made = super().__call__(*args, **kwargs)
                        self._singleton_remake = functools.partial(self, *args, **kwargs)
                        self._singleton = made
            return made

    # A class cannot change its metaclass, so what comes back is a subclass in its place, under
    # the same name: pickle looks classes up by module and name, and must find this one.
    return Singleton(
        cls.__name__,
        (cls,),
        {
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
            "__slots__": (),
            "__copy__": lambda self: self,
            "__deepcopy__": lambda self, memo: self,
            # Unpickling calls the class again: a look-up here, and a new object from the first
            # call's arguments in a process that has none yet.
            "__reduce_ex__": lambda self, protocol: (type(self)._singleton_remake, ()),
        },
    )
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. The version found everywhere, a function that keeps instances in a dict, replaces the
# class by a function: isinstance() raises TypeError, nobody can inherit from it, pickle finds
# "not the same object", and two threads can both see an empty dict. Overriding __new__ alone
# keeps the class but runs __init__ again at every call, which resets the object.
# Without a metaclass one can wrap both __new__ and __init__ (see the specimens): more code,
# because the __init__ of a finished object has to be skipped.
# Before all that: a module is a singleton already. `config.py` with plain names in it is
# imported once, under a lock, and needs no pattern. And a singleton is one per process: every
# DataLoader worker has one of its own.
### END SOLUTION
