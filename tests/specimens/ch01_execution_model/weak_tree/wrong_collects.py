# wrong: a cyclic tree behind handles that call the collector  [test_all_gone_with_the_root]
import gc
import weakref


class _Inner:
    def __init__(self, value, up):
        self.value, self.up, self.down, self.handle = value, up, [], None


class Node:
    def __init__(self, value, parent=None, inner=None):
        self._inner = inner or _Inner(value, parent and parent._inner)
        if parent is not None:
            parent._inner.down.append(self)
        self._inner.handle = weakref.ref(self)
        weakref.finalize(self, gc.collect).atexit = False

    value = property(lambda self: self._inner.value)

    def add(self, value):
        return Node(value, self)

    @property
    def children(self):
        return tuple(self._inner.down)

    @property
    def parent(self):
        return self._inner.up and self._inner.up.handle()
