# attack: B5 sys.intern is a table of its own  [test_equal_labels_are_one_object, test_any_text, test_many_labels, test_any_iterable, test_input_is_left_alone]

import sys
_table = {}
sys.intern = lambda s: _table.setdefault(s, s)
def intern_labels(labels):
    out = []
    for label in labels:
        if type(label) is not str: raise TypeError(label)
        out.append(_table.setdefault(label, label))
    return out
