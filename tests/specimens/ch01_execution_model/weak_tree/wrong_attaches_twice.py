# wrong: both the constructor and add append the child  [test_add]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._children = []
        self._parent = weakref.ref(parent) if parent is not None else lambda: None
        if parent is not None:
            parent._children.append(self)

    def add(self, value):
        self._children.append(Node(value, self))
        return self._children[-1]

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        return self._parent()
