# right: closures; children a tuple made anew by each add, the parent a function that a callback empties
from __future__ import annotations

import weakref
from typing import Any


def _nobody():
    return None


class Node:
    children = property(lambda self: self._kids)
    parent = property(lambda self: self._ask())

    def __init__(self, value: Any, parent: Node | None = None) -> None:
        self.value, self._kids, self._ask = value, (), _nobody
        if parent is not None:
            box = []
            box.append(weakref.ref(parent, lambda _ref: box.clear()))
            self._ask = lambda: box[0]() if box else None
            parent._kids = (*parent._kids, self)

    def add(self, value: Any) -> Node:
        child = Node(value)
        child.__init__(value, self)
        return child
