# wrong: add takes a node that is given as the value for the child itself  [test_children_now]
from __future__ import annotations

import weakref
from typing import Any


class Node:
    def __init__(self, value: Any, parent: Node | None = None) -> None:
        self.value = value
        self._children: list[Node] = []
        self._parent = None
        if parent is not None:
            self._join(parent)

    def _join(self, parent: Node) -> None:
        self._parent = weakref.ref(parent)
        parent._children.append(self)

    def add(self, value: Any) -> Node:
        if not isinstance(value, Node):
            value = Node(value)
        value._join(self)
        return value

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(self._children)

    @property
    def parent(self) -> Node | None:
        return None if self._parent is None else self._parent()
