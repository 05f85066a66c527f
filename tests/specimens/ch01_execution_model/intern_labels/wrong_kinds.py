# wrong: each kind once  [test_equal_labels_are_one_object]
import sys


def intern_labels(labels):
    return list(dict.fromkeys(map(sys.intern, labels)))
