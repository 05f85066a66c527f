# wrong: a proxy raises when the parent is gone  [test_parent_of_a_dead_parent]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._children = []
        self._parent = None if parent is None else weakref.proxy(parent)
        if parent is not None:
            parent._children.append(self)

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        return None if self._parent is None else self._parent._itself()

    def _itself(self):
        return self
