# wrong: the list is a default argument, and grows from call to call  [test_many_labels]
import sys


def intern_labels(labels, out=[]):
    for label in labels:
        out.append(sys.intern(label))
    return out
