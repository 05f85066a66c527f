# wrong: knows the parent by its id(), which the next object may have  [test_parent_of_a_dead_parent]
import weakref

_all = weakref.WeakValueDictionary()


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._kids = []
        self._up = None
        _all[id(self)] = self
        if parent is not None:
            self._up = id(parent)
            parent._kids.append(self)

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._kids)

    @property
    def parent(self):
        return _all.get(self._up)
