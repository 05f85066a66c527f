# wrong: a ValueError for a wrong type  [test_non_string_is_refused]
import sys


def intern_labels(labels):
    labels = list(labels)
    for label in labels:
        if not isinstance(label, str):
            raise ValueError(f"not a string: {label!r}")
    return [sys.intern(label) for label in labels]
