# wrong: first child and next sibling: a node that is held keeps its younger siblings  [test_only_what_is_below_stays]
import weakref


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self._first = self._next = None
        self._links = weakref.WeakValueDictionary()
        if parent is not None:
            self._links["parent"] = parent
            last = None
            for last in parent._chain():
                pass
            if last is None:
                parent._first = self
            else:
                last._next = self

    def _chain(self):
        node = self._first
        while node is not None:
            yield node
            node = node._next

    def add(self, value):
        return self.__class__(value, parent=self)

    @property
    def children(self):
        return (*self._chain(),)

    @property
    def parent(self):
        return self._links.get("parent")
