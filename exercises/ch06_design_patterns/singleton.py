"""singleton: one object for a class, whatever threads, copies and pickles do."""

from __future__ import annotations

from typing import TypeVar


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
    raise NotImplementedError("singleton: write your solution here")
