# wrong: every TypeError becomes its own, those of the iterable too  [test_any_iterable]
import sys
from collections.abc import Iterable


def intern_labels(labels: Iterable[str]) -> list[str]:
    try:
        return [sys.intern(label) for label in labels]
    except TypeError:
        raise TypeError("every label must be a str") from None
