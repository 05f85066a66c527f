# wrong: has a length, and takes a parent without children for none  [test_parent_argument]
from __future__ import annotations

import weakref
from typing import Any


class Node:
    def __init__(self, value: Any, parent: Node | None = None) -> None:
        self.value = value
        self._children: list[Node] = []
        self._parent = weakref.ref(parent) if parent else None
        if parent:
            parent._children.append(self)

    def add(self, value: Any) -> Node:
        return Node(value, self)

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self._children)

    @property
    def parent(self) -> Node | None:
        return None if self._parent is None else self._parent()

    def __len__(self) -> int:
        return len(self._children)
