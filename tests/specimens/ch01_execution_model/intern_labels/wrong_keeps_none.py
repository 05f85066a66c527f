# wrong: lets None through as a missing label  [test_any_non_string_is_refused]
import sys


def intern_labels(labels):
    return [label if label is None else sys.intern(label) for label in labels]
