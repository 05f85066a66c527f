# right: a subclass of weakref.ref as link, `__getattr__` for the computed attributes, children as a growing tuple
import weakref


class Link(weakref.ref):
    __slots__ = ("label",)

    def __new__(cls, target, label):
        return super().__new__(cls, target)

    def __init__(self, target, label):
        super().__init__(target)
        self.label = label


class Nobody:
    def __call__(self):
        return None


class Node:
    children = ()

    def __init__(self, value, parent=None):
        self.value = value
        self.up = Nobody() if parent is None else Link(parent, "parent")
        if parent is not None:
            parent.children = (*parent.children, self)

    def add(self, value):
        return Node(value, parent=self)

    def __getattr__(self, name):
        if name == "parent":
            return self.up()
        raise AttributeError(name)
