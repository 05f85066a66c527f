# wrong: parent and child hold each other  [test_all_gone_with_the_root]
class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.parent = parent
        self._children = []
        if parent is not None:
            parent._children.append(self)

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._children)
