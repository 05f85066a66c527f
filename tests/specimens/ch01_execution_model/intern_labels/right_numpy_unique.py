# right: numpy.unique of an object array gives the kinds, which are interned and dealt out again
from __future__ import annotations

import sys

import numpy as np


def intern_labels(labels):
    rows = []
    for label in labels:
        if not isinstance(label, str):
            raise TypeError(f"a label is a {type(label).__name__}: {label!r}")
        rows.append(label)
    if not rows:
        return rows
    column = np.empty(len(rows), dtype=object)
    column[:] = rows
    kinds, places = np.unique(column, return_inverse=True)
    table = np.empty(len(kinds), dtype=object)
    table[:] = [sys.intern(str(kind)) for kind in kinds]
    return table[places.ravel()].tolist()
