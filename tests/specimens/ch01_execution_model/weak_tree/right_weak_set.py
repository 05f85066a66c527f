# right: the parent lies in a WeakSet, children in a dict by number
import itertools
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.by_number = {}
        self.above = weakref.WeakSet()
        if isinstance(parent, Node):
            self.above.add(parent)
            parent.by_number[next(parent.numbers)] = self

    numbers = property(lambda self: itertools.count(len(self.by_number)))

    def add(self, value):
        return Node(parent=self, value=value)

    def __getattr__(self, name):
        if name == "children":
            return tuple(self.by_number.values())
        if name == "parent":
            return next(iter(self.above), None)
        raise AttributeError(name)
