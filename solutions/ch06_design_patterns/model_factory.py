"""ModelFactory: models by name, so that a config file can choose one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

### BEGIN SOLUTION
import difflib

### END SOLUTION

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
        ### BEGIN SOLUTION
        # In __init__, not in the class's body: there it would be one dict for all factories.
        self._classes: dict[str, type] = {}
        ### END SOLUTION

    def register(self, name: str) -> Callable[[C], C]:
        """Return a decorator that registers a class under ``name`` and returns that very class.

        The class is registered when the decorator is applied; no object is made yet. A class may
        have several names, in one factory or in several.

        A name that is taken, by another class or by the same one, is a ``ValueError`` whose
        message has the name in it. ``register("mlp")`` may raise it if the name is taken by then;
        otherwise the decorator does. The class that was there first stays.
        """

        ### BEGIN SOLUTION
        def add(cls: C) -> C:
            if name in self._classes:
                taken = self._classes[name].__qualname__
                raise ValueError(f"the name {name!r} is taken by {taken}")
            self._classes[name] = cls
            # Without this line the class statement would bind the class's name to None.
            return cls

        return add
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        if name not in self._classes:
            near = difflib.get_close_matches(name, self._classes)
            help_ = f"did you mean {' or '.join(map(repr, near))}?" if near else "see names()"
            raise ValueError(f"there is no model named {name!r}; {help_}")
        # The look-up is over when the class is called: a KeyError from in there is the model's. And
        # the `/` above leaves the word `name` to the options.
        return self._classes[name](**options)
        ### END SOLUTION

    def names(self) -> Iterable[str]:
        """The registered names, each once: a list, or anything else to iterate over, in any order.

        A refused registration adds nothing.
        """
        ### BEGIN SOLUTION
        return sorted(self._classes)
        ### END SOLUTION


### BEGIN SOLUTION
# Notes. What a factory buys: the training script says create(config.name, **config.options), and
# a new model is a new file with one decorator in it, no new branch in an if/elif chain. The price:
# that file must be imported, or its decorator never runs, and "unknown model" may mean "never
# imported". Packages therefore import their model modules in __init__.py, or look for plug-ins
# with importlib.metadata.entry_points.
#
# Common mistakes: a dict in the class's body (or as default argument), which all factories share;
# a decorator that returns nothing; `try: return self._classes[name](**options)` with `except
# KeyError` around both, which reports a KeyError inside the model as an unknown name; storing
# objects instead of classes, so that all callers train the same weights; looking whether a name is
# taken in register() only, before the decorator is applied.
#
# timm.create_model and torchvision.models.get_model are factories of this kind with one registry
# for the whole program. An object, as here, can be made afresh for each test.
### END SOLUTION
