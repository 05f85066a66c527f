# wrong: a collection is gone through once more, to look at the types  [test_any_iterable]
import sys
from collections.abc import Collection


def intern_labels(labels):
    if isinstance(labels, Collection) and not all(isinstance(label, str) for label in labels):
        raise TypeError("not a str")
    return [sys.intern(label) for label in labels]
