# right: a loop that checks and says which label is wrong
import sys


def intern_labels(labels: "Iterable[str]"):
    interned = []
    for number, label in enumerate(labels):
        if not isinstance(label, str):
            raise TypeError(f"label {number} is {label!r}, of type {type(label).__name__}")
        interned.append(sys.intern(label))
    return interned
