"""intern_labels: a hundred thousand labels, ten strings."""

from __future__ import annotations

from collections.abc import Iterable


def intern_labels(labels: Iterable[str]) -> list[str]:
    """Return the labels as a list in which equal labels are one and the same object.

    >>> rows = ["1,cat", "2,dog", "3,cat"]
    >>> labels = intern_labels(row.split(",")[1] for row in rows)
    >>> labels
    ['cat', 'dog', 'cat']
    >>> labels[0] is labels[2]
    True

    That object is the one in Python's table of interned strings, so that
    ``out[i] is sys.intern(labels[i])`` for every label, whichever module makes the call.

    The list is a new one. It holds the labels in the order in which they came, each as often as
    it came. ``labels`` stays as it is. It may be any iterable, also a generator, and is iterated
    over once. An exception that it raises reaches the caller.

    The call raises ``TypeError`` if a label is not a ``str``, even if it equals one: labels are
    not converted. Subclasses of ``str`` are not asked for.

    After a call with 100 000 labels of ten kinds (each label a string of its own of about a hundred
    characters), at most 0.1x the memory that they take together is still in use.
    """
    raise NotImplementedError("intern_labels: write your solution here")
