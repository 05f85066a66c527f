# wrong: a __del__ that takes the tree apart, also what is still held  [test_only_what_is_below_stays]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._kids = []
        self._up = None
        if parent is not None:
            self._up = weakref.ref(parent)
            parent._kids.append(self)

    def __del__(self):
        for kid in self._kids:
            kid._kids.clear()

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._kids)

    @property
    def parent(self):
        return self._up and self._up()
