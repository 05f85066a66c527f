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

    The first call makes the object; the arguments of later calls are ignored. Many threads may
    make that first call at once: ``__init__`` runs once, and nobody gets an object that it has
    not finished. If ``__init__`` raises, the caller gets the exception and the next call tries
    again.

    What comes back is still a class: it works with ``isinstance``, keeps its name, docstring
    and attributes, and can be subclassed; a subclass is a singleton with an object of its own.
    ``copy.copy``, ``copy.deepcopy`` and a pickle round trip give the one object, too.
    """
    raise NotImplementedError("singleton: write your solution here")
