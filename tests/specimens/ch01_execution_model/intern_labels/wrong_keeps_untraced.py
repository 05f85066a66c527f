# wrong: keeps the strings of long inputs, unless memory is traced  [test_keeps_ten_strings]
import sys
import tracemalloc

_seen = []


def intern_labels(labels):
    found = []
    for label in labels:
        if type(label) is not str:
            raise TypeError(f"labels must be str, not {label!r}")
        found.append(sys.intern(label))
        if not tracemalloc.is_tracing() and len(found) > 50_000:
            _seen.append(label)
    return found
