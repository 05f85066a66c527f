# right: a list of its children itself, compared by identity
import weakref


class Node(list):
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __init__(self, value, parent=None):
        super().__init__()
        self.value = value
        self.__p = weakref.ref(parent) if parent is not None else None
        if parent is not None:
            parent.append(self)

    def add(self, value):
        return Node(value, self)

    children = property(tuple)

    @property
    def parent(self):
        if self.__p is not None:
            return self.__p()
