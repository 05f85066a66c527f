# wrong: returns a map, nothing is interned or refused yet  [test_equal_labels_are_one_object]
import sys


def intern_labels(labels):
    return map(sys.intern, labels)
