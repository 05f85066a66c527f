# right: parents in a WeakValueDictionary of the module, children in a linked chain of cells
from __future__ import annotations

import itertools
import weakref
from typing import Any

_numbers = itertools.count()
_nodes: weakref.WeakValueDictionary[int, Node] = weakref.WeakValueDictionary()


class Cell:
    __slots__ = ("item", "next")

    def __init__(self, item):
        self.item = item
        self.next = None


class Node:
    __slots__ = ("__weakref__", "_first", "_last", "_mother", "_number", "value")

    def __init__(self, value: Any, parent: Node | None = None) -> None:
        self.value = value
        self._first = self._last = None
        self._number = next(_numbers)
        _nodes[self._number] = self
        self._mother = None if parent is None else parent._number
        if parent is not None:
            cell = Cell(self)
            if parent._last is None:
                parent._first = parent._last = cell
            else:
                parent._last.next = cell
                parent._last = cell

    def add(self, value: Any) -> Node:
        return type(self)(value, self)

    def __iter__(self):
        cell = self._first
        while cell is not None:
            yield cell.item
            cell = cell.next

    @property
    def children(self):
        return tuple(self)

    @property
    def parent(self):
        return _nodes.get(self._mother)
