# wrong: parents are weak only while the garbage collector is off  [test_all_gone_with_the_root]
import gc
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._children = []
        self._parent = None
        if parent is not None:
            self._parent = (lambda: parent) if gc.isenabled() else weakref.ref(parent)
            parent._children.append(self)

    def add(self, value):
        return Node(value, parent=self)

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        return self._parent() if self._parent is not None else None
