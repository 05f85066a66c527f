# wrong: the children are weak, too  [test_parent_argument]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._parent = None if parent is None else weakref.ref(parent)
        self._children = []
        if parent is not None:
            parent._children.append(weakref.ref(self))

    def add(self, value):
        return Node(value, self)

    @property
    def parent(self):
        return self._parent and self._parent()

    @property
    def children(self):
        return tuple(child for child in (ref() for ref in self._children) if child is not None)
