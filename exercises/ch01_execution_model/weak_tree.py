"""weak_tree: a tree whose nodes know their parents and still die at once."""

from __future__ import annotations

from typing import Any


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
        raise NotImplementedError("weak_tree: write your solution here")

    def add(self, value: Any) -> Node:
        """Make a new last child with this value, and return it."""
        raise NotImplementedError("weak_tree: write your solution here")

    @property
    def children(self) -> tuple[Node, ...]:
        """A tuple of the children so far, in the order in which they were made."""
        raise NotImplementedError("weak_tree: write your solution here")

    @property
    def parent(self) -> Node | None:
        """The parent itself; None for a root, and where the parent is gone."""
        raise NotImplementedError("weak_tree: write your solution here")
