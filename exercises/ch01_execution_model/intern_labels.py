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

    That object is the one that Python's table of interned strings has for the text, so that
    ``out[i] is sys.intern(labels[i])`` for every label, whichever module reads them.

    The list is a new one, with the labels in the order in which they came and each as often as
    it came. ``labels`` is left as it is. It may be any iterable, a generator too, and is
    gone through once.

    Raises ``TypeError``, from the call itself, if a label is no ``str``: labels are not converted.

    Of 100 000 labels of ten kinds, each a string of its own as a parser makes them, the list keeps
    at most 0.1x the memory that they take together (labels of about a hundred characters).
    """
    raise NotImplementedError("intern_labels: write your solution here")
