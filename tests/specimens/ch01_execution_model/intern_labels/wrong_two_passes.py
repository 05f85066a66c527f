# wrong: a first pass to check uses a generator up  [test_any_iterable]
import sys


def intern_labels(labels):
    for label in labels:
        if not isinstance(label, str):
            raise TypeError(f"not a string: {label!r}")
    return [sys.intern(label) for label in labels]
