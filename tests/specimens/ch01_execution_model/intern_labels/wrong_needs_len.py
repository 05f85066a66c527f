# wrong: goes by index, which iterators do not have  [test_any_iterable]
import sys


def intern_labels(labels):
    return [sys.intern(labels[i]) for i in range(len(labels))]
