# wrong: remembers the parent when it was asked for: a cycle from then on  [test_all_gone_with_the_root]
from __future__ import annotations

import weakref
from typing import Any


class Node:
    def __init__(self, value: Any, parent: Node | None = None) -> None:
        self.value = value
        self._children: list[Node] = []
        self._parent = None if parent is None else weakref.ref(parent)
        if parent is not None:
            parent._children.append(self)

    def add(self, value: Any) -> Node:
        return Node(value, self)

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self._children)

    @property
    def parent(self) -> Node | None:
        if self._parent is None:
            return None
        if self.__dict__.get("_cached") is None:
            self._cached = self._parent()
        return self._cached
