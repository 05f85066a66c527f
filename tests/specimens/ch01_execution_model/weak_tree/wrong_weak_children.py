# wrong: the children are weak, the parent is strong  [test_parent_argument]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.parent = parent
        self._children = []
        if parent is not None:
            parent._children.append(weakref.ref(self))

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(child for child in (ref() for ref in self._children) if child is not None)
