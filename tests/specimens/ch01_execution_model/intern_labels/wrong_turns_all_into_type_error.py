# wrong: whatever the source raises becomes a TypeError  [test_any_iterable]
import sys


def intern_labels(labels):
    out = []
    try:
        for label in labels:
            out.append(sys.intern(label))
    except Exception as error:
        raise TypeError("labels must be strings") from error
    return out
