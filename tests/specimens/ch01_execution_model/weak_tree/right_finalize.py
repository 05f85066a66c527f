# right: parents are told through weakref callbacks, which empty the children's link; children in a dict by number
from __future__ import annotations

import itertools
import weakref
from typing import Any, Generic, TypeVar

V = TypeVar("V")


class Node(Generic[V]):
    _serial = itertools.count()

    def __init__(self, value: V, parent: Node[V] | None = None) -> None:
        self.value = value
        self._below: dict[int, Node[V]] = {}
        self._parent = None
        if parent is not None:
            me = weakref.ref(self)

            def forget(_: Any) -> None:
                node = me()
                if node is not None:
                    node._parent = None

            self._parent = weakref.ref(parent, forget)
            parent._below[next(self._serial)] = self

    @property
    def children(self) -> tuple[Node[V], ...]:
        return tuple(self._below.values())

    @property
    def parent(self) -> Node[V] | None:
        link = self._parent
        return link() if link is not None else None

    def add(self, value: V) -> Node[V]:
        child = Node.__new__(Node)
        child.__init__(value, parent=self)
        return child
