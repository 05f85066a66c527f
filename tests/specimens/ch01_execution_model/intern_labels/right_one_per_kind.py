# right: holds all labels at first, and interns each kind once
import sys


def intern_labels(labels):
    labels = list(labels)
    if not all(isinstance(label, str) for label in labels):
        raise TypeError("labels must be strings")
    table = {label: sys.intern(label) for label in set(labels)}
    return [table[label] for label in labels]
