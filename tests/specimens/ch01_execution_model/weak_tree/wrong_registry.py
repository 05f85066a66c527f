# wrong: weak links, but a list of all nodes keeps them  [test_all_gone_with_the_root]
import weakref


class Node:
    everything = []

    def __init__(self, value, parent=None):
        Node.everything.append(self)
        self.value = value
        self._parent = weakref.ref(parent) if parent is not None else lambda: None

    def add(self, value):
        return Node(value, self)

    @property
    def parent(self):
        return self._parent()

    @property
    def children(self):
        return tuple(node for node in Node.everything if node.parent is self)
