"""weak_tree: a tree whose nodes know their parents and still die at once."""

from __future__ import annotations

from typing import Any

### BEGIN SOLUTION
import weakref

### END SOLUTION


class Node:
    """A node of a tree, with the attributes ``value``, ``parent`` and ``children``.

    >>> root = Node("root")
    >>> branch = root.add("branch")
    >>> leaf = Node("leaf", parent=branch)
    >>> [child.value for child in root.children], leaf.parent.value
    (['branch'], 'branch')
    >>> del root, branch
    >>> leaf.parent is None
    True

    A node keeps its children alive, and no other node. When the last reference to the root goes,
    all nodes of the tree go at that moment, by reference counting alone: with the garbage
    collector switched off, and without a call of it. If you hold another node of the tree, it
    stays with all nodes below it. Its ``parent`` is None once the parent is gone. Subclasses, and
    assigning to the attributes, are not asked for.

    Args:
        value: anything; nodes may have equal values, and values need not be hashable.
        parent: the node whose last child this becomes, or None for a root.
    """

    def __init__(self, value: Any, parent: Node | None = None) -> None:
        ### BEGIN SOLUTION
        self.value = value
        self._children: list[Node] = []
        # Downwards strong, upwards weak: no node holds on to something that holds on to it.
        self._parent = None if parent is None else weakref.ref(parent)
        if parent is not None:
            parent._children.append(self)
        ### END SOLUTION

    def add(self, value: Any) -> Node:
        """Make a new last child with this value, and return it."""
        ### BEGIN SOLUTION
        return Node(value, parent=self)
        ### END SOLUTION

    @property
    def children(self) -> tuple[Node, ...]:
        """A tuple of the children so far, in the order in which they were made."""
        ### BEGIN SOLUTION
        # A tuple, so that no caller puts a node among them that does not know its parent.
        return tuple(self._children)
        ### END SOLUTION

    @property
    def parent(self) -> Node | None:
        """The parent itself; None for a root, and where the parent is gone."""
        ### BEGIN SOLUTION
        # A weak reference is called to get the object, and gives None when it has died.
        return None if self._parent is None else self._parent()
        ### END SOLUTION


### BEGIN SOLUTION
# Notes. With `self.parent = parent`, parent and child hold each other. When the last name goes,
# each still has a reference, the counts never reach zero, and the tree stays until the cycle
# collector comes by: later, and with a pause, and not at all where gc.disable() or gc.freeze() is
# used, as serving and data loading code does. If a node carries a batch or a GPU tensor, that
# memory waits, too. __del__ is no way out, because it is called when the count reaches zero.
#
# weakref.proxy looks handier, but is another object (`is` fails) and raises ReferenceError when
# the parent has died. Weak references to the *children* turn the ownership round: a child that
# no other code holds vanishes at once. With __slots__, "__weakref__" has to be among them.
# Weak links are not free (an object, and a call to follow them): where no code asks for parents,
# hand the path down while walking instead.
### END SOLUTION
