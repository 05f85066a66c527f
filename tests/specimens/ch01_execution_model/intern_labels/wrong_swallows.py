# wrong: whatever ends the source is taken for its end  [test_any_iterable]
import sys


def intern_labels(labels):
    interned = []
    source = iter(labels)
    while True:
        try:
            label = next(source)
        except Exception:
            return interned
        interned.append(sys.intern(label))
