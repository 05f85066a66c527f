# wrong: interns what looks like a name, and copies nothing else  [test_any_text]
import sys


def intern_labels(labels):
    out = []
    for label in labels:
        if not isinstance(label, str):
            raise TypeError(f"not a string: {label!r}")
        out.append(sys.intern(label) if label.isidentifier() else label)
    return out
