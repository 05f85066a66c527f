# wrong: only add tells the parent  [test_parent_argument]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._children = []
        self._parent = weakref.ref(parent) if parent is not None else None

    def add(self, value):
        child = Node(value, self)
        self._children.append(child)
        return child

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        return self._parent() if self._parent else None
