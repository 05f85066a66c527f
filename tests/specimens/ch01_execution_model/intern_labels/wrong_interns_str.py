# wrong: interns, but converts numbers and None on the way  [test_any_non_string_is_refused]
import sys


def intern_labels(labels):
    return [sys.intern(str(label)) for label in labels]
