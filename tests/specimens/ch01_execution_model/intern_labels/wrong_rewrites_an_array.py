# wrong: an array of objects is its own scratch pad, and gets the interned strings  [test_input_is_left_alone]
import sys
from collections.abc import Iterable

import numpy as np


def intern_labels(labels: Iterable[str]) -> list[str]:
    if not isinstance(labels, (list, np.ndarray)):
        labels = list(labels)
    column = np.asarray(labels, dtype=object)
    for i, label in enumerate(column):
        column[i] = sys.intern(label)
    return column.tolist()
