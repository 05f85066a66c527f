# wrong: a cycle, and a __del__ that it keeps from running  [test_all_gone_with_the_root]
class Node:
    def __init__(self, value, parent=None):
        self.value, self.parent, self.below = value, parent, []
        if parent is not None:
            parent.below.append(self)

    def add(self, value):
        return Node(value, parent=self)

    @property
    def children(self):
        return tuple(self.below)

    def __del__(self):
        for child in self.below:
            child.parent = None
        self.below.clear()
