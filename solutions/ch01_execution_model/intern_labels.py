"""intern_labels: a hundred thousand labels, ten strings."""

from __future__ import annotations

from collections.abc import Iterable

### BEGIN SOLUTION
import sys

### END SOLUTION


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
    ### BEGIN SOLUTION
    # sys.intern looks the text up in a table of the interpreter: it returns the string that is
    # there already, or puts this one in. It raises TypeError for anything but a str.
    return [sys.intern(label) for label in labels]
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. Names in a program and constants that look like names are interned by the compiler, which
# is why `is` seems to work for strings at the prompt. What is read from a file, cut, joined or
# decoded is a new object each time: 100 000 rows labelled "cat" are 100 000 cats. The list that is
# left after interning is 8 bytes a label, and equal labels are found equal by one comparison of
# addresses (`==` tries that first).
#
# A dict of your own, `seen.setdefault(label, label)`, saves the same memory within one list, but
# the next file, or the next module, has another "cat". str(label) makes no copy of a str and hides
# a mistake: None becomes the class "None", and the model learns it. Labels out of a NumPy array are
# np.str_, a subclass of str, and sys.intern takes no subclass: pass array.tolist().
#
# sys.intern is for few kinds that come again and again. Texts that differ anyway only fill the
# table; it lets go of those that nobody uses any more, but not in early releases of Python 3.12
# and not in free-threaded builds.
# Where labels are only counted and compared, codes are smaller still: np.unique(labels,
# return_inverse=True) gives the kinds, and numbers that fit into one byte each.
### END SOLUTION
