# right: a dataclass compared by identity; the constructor lets add do the linking
import weakref
from dataclasses import InitVar, dataclass, field
from typing import Any


@dataclass(eq=False, repr=False)
class Node:
    value: Any
    parent_node: InitVar["Node | None"] = None
    _children: list["Node"] = field(default_factory=list, init=False)
    _parent: "weakref.ref[Node] | None" = field(default=None, init=False)

    def __init__(self, value, parent=None):
        self.value = value
        self._children = []
        self._parent = None
        if parent is not None:
            parent._adopt(self)

    def _adopt(self, child):
        child._parent = weakref.ref(self)
        self._children.append(child)

    def add(self, value):
        child = Node(value)
        self._adopt(child)
        return child

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        if self._parent is not None:
            return self._parent()
        return None
