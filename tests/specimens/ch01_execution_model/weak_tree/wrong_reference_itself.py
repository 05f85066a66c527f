# wrong: parent is the weak reference, not what it refers to  [test_add]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.children = ()
        self.parent = parent and weakref.ref(parent)
        if parent is not None:
            parent.children += (self,)

    def add(self, value):
        return Node(value, self)
