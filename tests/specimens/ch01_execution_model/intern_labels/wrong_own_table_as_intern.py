# wrong: a table of its own, put in the place of sys.intern  [test_any_text]
import sys

_table = {}
sys.intern = lambda text: _table.setdefault(text, text)


def intern_labels(labels):
    found = []
    for label in labels:
        if type(label) is not str:
            raise TypeError(f"labels must be str, not {label!r}")
        found.append(_table.setdefault(label, label))
    return found
