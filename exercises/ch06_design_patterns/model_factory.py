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
    Names are ordinary words, of the letters a to z, small or large, and digits.
    """

    def __init__(self) -> None:
        raise NotImplementedError("model_factory: write your solution here")

    def register(self, name: str) -> Callable[[C], C]:
        """Return a decorator that registers a class under ``name`` and returns that very class.

        The class is registered when the decorator is applied; no object is made yet. A class may
        have several names, in one factory or in several.

        A name that is taken, by another class or by the same one, is a ``ValueError`` whose
        message has the name in it. ``register("mlp")`` may raise it if the name is taken by then;
        otherwise the decorator does. The class that was there first stays.
        """

        raise NotImplementedError("model_factory: write your solution here")

    def create(self, name: str, /, **options: Any) -> Any:
        """Return a new object of the class registered as ``name``, made with ``options``.

        Every call makes another object. The options reach the class as keyword arguments, as
        they are; an option called ``name`` is left open. What the class raises passes unchanged, a
        ``KeyError`` or ``TypeError`` too.

        An unknown name is a ``ValueError``. Its message has that name in it. If a registered name
        of three letters or more differs from it by one typing error (a letter too few or too
        many, a wrong one, two neighbours swapped), the message suggests that one. If it lists
        other names too, the suggestion comes first, or is mentioned once more than each of them.
        Which names it suggests if several resemble the unknown one is left open.
        """
        raise NotImplementedError("model_factory: write your solution here")

    def names(self) -> Iterable[str]:
        """The registered names, each once: a list, or anything else to iterate over, in any order.

        A refused registration adds nothing.
        """
        raise NotImplementedError("model_factory: write your solution here")
