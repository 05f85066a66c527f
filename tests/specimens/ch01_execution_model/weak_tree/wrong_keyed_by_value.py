# wrong: children by value, so that equal ones replace each other  [test_children_now]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._by_value = {}
        self._parent = weakref.ref(parent) if parent is not None else lambda: None
        if parent is not None:
            parent._by_value[repr(value)] = self

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._by_value.values())

    @property
    def parent(self):
        return self._parent()
