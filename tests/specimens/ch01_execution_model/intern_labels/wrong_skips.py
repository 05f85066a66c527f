# wrong: passes over what is no string  [test_any_non_string_is_refused]
import sys


def intern_labels(labels):
    return [sys.intern(label) for label in labels if isinstance(label, str)]
