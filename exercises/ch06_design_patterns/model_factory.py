"""ModelFactory: models by name, so that a config file can choose one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar


C = TypeVar("C", bound=type)


class ModelFactory:
    """Makes models by the names under which their classes were registered.

    >>> factory = ModelFactory()
    >>> @factory.register("mlp")
    ... class MLP:
    ...     def __init__(self, width=64):
    ...         self.width = width
    >>> factory.create("mlp", width=128).width
    128
    >>> list(factory.names())
    ['mlp']
    >>> isinstance(factory.create("mlp"), MLP)
    True

    Each factory has names of its own: what is registered with one is unknown to every other.
    """

    def __init__(self) -> None:
        raise NotImplementedError("model_factory: write your solution here")

    def register(self, name: str) -> Callable[[C], C]:
        """Return a decorator that registers a class under ``name`` and returns that very class.

        No object is made yet. A class may have several names, in one factory or in several.
        A name that is taken, by another class or by the same one, is a ``ValueError`` whose
        message has the name in it; whether ``register("mlp")`` raises it or the decorator that
        it returned is left to you. The class that was there first stays.
        """

        raise NotImplementedError("model_factory: write your solution here")

    def create(self, name: str, **options: Any) -> Any:
        """Return a new object of the class registered as ``name``, made with ``options``.

        Every call makes another object; the options reach the class as keyword arguments, as
        they are. What the class raises passes unchanged, a ``KeyError`` or ``TypeError`` too.

        An unknown name is a ``ValueError``. Its message has that name in it, and if a
        registered name (of three letters or more) differs only by a typing error (a letter too
        few or too many, a wrong one, two swapped) it suggests that one. It may list other names
        too, but the suggestion must stand out: before all of them, or mentioned once more than
        they are.
        """
        raise NotImplementedError("model_factory: write your solution here")

    def names(self) -> Iterable[str]:
        """The registered names, each once: a list, or anything else to iterate over, in any order.

        The name of a refused registration is in it once, for the class that was there first.
        """
        raise NotImplementedError("model_factory: write your solution here")
