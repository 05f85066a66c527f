# wrong: a node holds the sibling before it  [test_only_what_is_below_stays]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._children = []
        self._parent = lambda: None
        if parent is not None:
            self._parent = weakref.ref(parent)
            self._before = parent._children[-1] if parent._children else None
            parent._children.append(self)

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        return self._parent()
