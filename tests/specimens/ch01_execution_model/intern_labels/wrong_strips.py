# wrong: tidies the labels up on the way  [test_any_text]
import sys


def intern_labels(labels):
    return [sys.intern(label.strip()) if isinstance(label, str) else sys.intern(label)
            for label in labels]
