# wrong: one pass to check and one to intern, except over an iterator  [test_any_iterable]
import sys


def intern_labels(labels):
    if hasattr(labels, "__next__"):
        labels = list(labels)
    for label in labels:
        if not isinstance(label, str):
            raise TypeError(f"not a str: {label!r}")
    return [sys.intern(label) for label in labels]
