# wrong: empty labels are left out  [test_any_text]
import sys


def intern_labels(labels):
    return [sys.intern(label) for label in labels if label or not isinstance(label, str)]
