# wrong: one decorator registers a second class under the same name, in place of the first; it looks only when register is called  [test_duplicate_decorators]
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

C = TypeVar("C", bound=type)


class ModelFactory:
    def __init__(self) -> None:
        self._classes: dict[str, type] = {}

    def register(self, name: str) -> Callable[[C], C]:
        if name in self._classes:
            raise ValueError(f"the name {name!r} is taken")
        mine: dict[str, type] = {}

        def decorate(cls: C) -> C:
            if name in self._classes and self._classes[name] is not mine.get(name):
                raise ValueError(f"the name {name!r} is taken")
            mine[name] = self._classes[name] = cls
            return cls

        return decorate

    def create(self, name: str, /, **options: Any) -> Any:
        cls = self._classes.get(name)
        if cls is None:
            raise ValueError(self._explain(name))
        return cls(**options)

    def _explain(self, name: str) -> str:
        near = sorted(other for other in self._classes if _one_error(name, other))
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
