# wrong: puts the interned strings into the list that was given, too  [test_input_is_left_alone]
import sys


def intern_labels(labels):
    if isinstance(labels, list):
        for i, label in enumerate(labels):
            labels[i] = sys.intern(label)
        return labels[:]
    return [sys.intern(label) for label in labels]
