# wrong: each node holds a bound function that holds the node  [test_all_gone_with_the_root]
import functools
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.below = []
        self.add = functools.partial(Node, parent=self)
        self._above = weakref.ref(parent) if parent is not None else lambda: None
        if parent is not None:
            parent.below.append(self)

    children = property(lambda self: tuple(self.below))
    parent = property(lambda self: self._above())
