# wrong: children is the node's own list  [test_add]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.children = []
        self._parent = weakref.ref(parent) if parent is not None else lambda: None
        if parent is not None:
            parent.children.append(self)

    def add(self, value):
        return Node(value, self)

    @property
    def parent(self):
        return self._parent()
