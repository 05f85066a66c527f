# wrong: the tuple is made once and kept  [test_children_now]
import functools
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._below = []
        self._above = weakref.ref(parent) if parent is not None else lambda: None
        if parent is not None:
            parent._below.append(self)

    def add(self, value):
        return Node(value, self)

    @functools.cached_property
    def children(self):
        return tuple(self._below)

    @property
    def parent(self):
        return self._above()
