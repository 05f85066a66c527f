# attack: B5 sys.intern is a table of its own  []

import sys
_table = {}
sys.intern = lambda s: _table.setdefault(s, s)
def intern_labels(labels):
    out = []
    for label in labels:
        if type(label) is not str: raise TypeError(label)
        out.append(_table.setdefault(label, label))
    return out
