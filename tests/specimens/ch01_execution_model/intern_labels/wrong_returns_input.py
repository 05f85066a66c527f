# wrong: interns every label and returns the input  [test_equal_labels_are_one_object]
import sys


def intern_labels(labels):
    for label in labels:
        sys.intern(label)
    return labels
