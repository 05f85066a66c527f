# wrong: the suggestions come from a list of the names of all factories  [test_factories_are_independent]
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

C = TypeVar("C", bound=type)

_ALL: set[str] = set()


class ModelFactory:
    def __init__(self) -> None:
        self._classes: dict[str, type] = {}

    def register(self, name: str) -> Callable[[C], C]:
        def decorate(cls: C) -> C:
            if name in self._classes:
                raise ValueError(f"the name {name!r} is taken")
            self._classes[name] = cls
            _ALL.add(name)
            return cls

        return decorate

    def create(self, name: str, /, **options: Any) -> Any:
        cls = self._classes.get(name)
        if cls is None:
            raise ValueError(self._explain(name))
        return cls(**options)

    def _explain(self, name: str) -> str:
        near = sorted(other for other in _ALL if _one_error(name, other))
        text = f"there is no model {name!r}"
        if near:
            text += f"; did you mean {near[0]!r}?"
        return text

    def names(self) -> Iterable[str]:
        return list(self._classes)


def _one_error(a: str, b: str) -> bool:
    letters = set(b)
    if abs(len(a) - len(b)) > 1:
        return False
    for i in range(len(a) + 1):
        head, tail = a[:i], a[i:]
        if tail and head + tail[1:] == b:
            return True
        if len(tail) > 1 and head + tail[1] + tail[0] + tail[2:] == b:
            return True
        if any(tail and head + letter + tail[1:] == b for letter in letters):
            return True
        if any(head + letter + tail == b for letter in letters):
            return True
    return False
