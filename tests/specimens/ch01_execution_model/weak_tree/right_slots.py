# right: __slots__ with __weakref__, and a callable for the parent of a root, too
from weakref import ref


class Node:
    __slots__ = ("__weakref__", "_kids", "_up", "value")

    def __init__(self, value, parent=None):
        self.value, self._kids, self._up = value, (), lambda: None
        if parent is not None:
            self._up = ref(parent)
            parent._kids += (self,)

    def add(self, value):
        return type(self)(value, self)

    children = property(lambda self: self._kids)
    parent = property(lambda self: self._up())
