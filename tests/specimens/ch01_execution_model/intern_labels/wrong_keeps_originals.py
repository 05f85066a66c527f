# wrong: interned, but a history of the module keeps what came in  [test_keeps_ten_strings]
import sys

history = []


def intern_labels(labels):
    labels = list(labels)
    history.append(labels)
    return [sys.intern(label) for label in labels]
