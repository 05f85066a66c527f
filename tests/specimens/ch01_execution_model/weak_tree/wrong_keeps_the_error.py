# wrong: remembers the exception, whose traceback holds the node  [test_all_gone_with_the_root]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.last_error = None
        self._children = []
        self._parent = None
        if parent is not None:
            self._parent = weakref.proxy(parent)
            parent._children.append(self)

    def itself(self):
        return self

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._children)

    @property
    def parent(self):
        try:
            return self._parent.itself()
        except (AttributeError, ReferenceError) as error:
            self.last_error = error
            return None
