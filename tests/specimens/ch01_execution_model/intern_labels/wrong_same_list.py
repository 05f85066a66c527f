# wrong: hands a list back when all its labels are interned already  [test_input_is_left_alone]
import sys


def intern_labels(labels):
    out = [sys.intern(label) for label in labels]
    if isinstance(labels, list) and all(map(lambda a, b: a is b, out, labels)):
        return labels
    return out
