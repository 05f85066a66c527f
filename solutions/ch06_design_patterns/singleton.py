"""singleton: one object for a class, whatever threads, copies and pickles do."""

from __future__ import annotations

from typing import TypeVar

### BEGIN SOLUTION
import threading
from typing import Any

# One lock for all decorated classes. It is re-entrant: the __init__ of one may call another.
LOCK = threading.RLock()
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

    The first call makes the object, which is then kept. Later calls ignore their arguments, and
    neither ``__new__`` nor ``__init__`` runs again. Many threads may make that first call at
    once: ``__init__`` runs once, and no thread gets an object that it has not finished. An
    ``__init__`` may call other decorated classes, in its own thread and not in a circle.

    If ``__init__`` raises, an ``Exception`` or not, the caller gets the exception. Nothing is
    kept: the next call, from any thread, makes a new object from its own arguments. Threads
    that were waiting for the failed attempt get such an object or the exception.

    What comes back is still a class: ``isinstance`` and ``issubclass`` work, it has the members,
    ``__name__``, ``__qualname__``, ``__module__`` and ``__doc__`` that the class had, and it can
    be subclassed. A subclass is a singleton as well, with an object of its own, for which its
    own ``__init__`` runs once, whichever of the two classes is called first. Decorated classes
    are independent, even where they share a name.

    ``copy.copy``, ``copy.deepcopy`` and ``pickle.loads(pickle.dumps(...))`` give back the one
    object, of a subclass too, and leave what it holds as it is at that moment.

    The class may inherit and call ``super()`` (without arguments), be a dataclass, and have
    ``__slots__`` or a ``__new__`` of its own. Its object may be falsy, unhashable, or equal to
    everything. Left open are classes with a metaclass, such as that of ``ABC``, or with
    ``__init_subclass__``, classes and subclasses with copy or pickle methods of their own, and a
    ``__new__`` that returns an object of another class.
    """
    ### BEGIN SOLUTION
    made: dict[type, Any] = {}  # class -> its finished object: this class and its subclasses

    # Calling a class runs __call__ of its metaclass, and subclasses inherit the metaclass.
    # type(cls) and not type: the class may have one already, such as that of ABC.
    class Singleton(type(cls)):  # type: ignore[misc]
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            if self not in made:
                with LOCK:
                    # Look again: another thread may have made it while this one waited.
                    if self not in made:
                        # Makes the object and runs __init__, as for any class. It is kept only
                        # when that is through, so no thread finds it half made or failed.
                        made[self] = super().__call__(*args, **kwargs)
            return made[self]

    # A class cannot change its metaclass, so a subclass takes its place. It goes by the same
    # name: pickle finds classes by module and name, and must find this one.
    return Singleton(
        cls.__name__,
        (cls,),
        {
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
            "__slots__": (),  # adds nothing to the objects of a class with __slots__
            "__copy__": lambda self: self,
            "__deepcopy__": lambda self, memo: self,
            # Unpickling calls the class, without a state to restore: a look-up, nothing else.
            "__reduce__": lambda self: (type(self), ()),
        },
    )
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. The version found everywhere, a function that keeps instances in a dict, puts a function
# in the place of the class: isinstance() raises TypeError, no class can inherit from it, pickle
# complains "it's not the same object", and two threads both see an empty dict. Overriding __new__
# alone keeps the class, but Python runs __init__ on whatever __new__ returns: every call resets
# the object. `if not instance` for "not made yet" makes another empty registry at each call.
#
# What else would do: patch __new__ and __init__ of the class in place. That needs no second
# class, but the __init__ of a finished object has to be skipped, in every subclass as well
# (__init_subclass__). Or build the class again from its __dict__: then the cell in which super()
# without arguments looks must be redirected, and __slots__ rid of their descriptors.
# The cost of the subclass used here: within the class its own name means the subclass, so the
# old `super(Config, self).__init__()` would find itself and recurse; `super()` is safe. And the
# __init_subclass__ of its bases runs a second time, without keywords.
#
# The price of one lock for all: while a slow __init__ runs, no other decorated class can be called
# for the first time, and an __init__ that waits for a thread which does so waits for ever. A lock
# for each class, `with locks.setdefault(self, threading.RLock()):`, is free of both. One lock for a
# class and its subclasses is not: the __init__ of A wants B, while in another thread the __init__
# of a subclass of B wants A, and each waits for the other.
#
# Before all that: a module is a singleton. `config.py` with plain names in it is imported once,
# under a lock, and needs no pattern. And a singleton is one for each process: a DataLoader worker
# has its own, and a pickle that reaches it carries no state, only the class to ask.
### END SOLUTION
