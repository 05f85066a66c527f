# right: labels are told from others by singledispatch, the list comes out of an array of objects
from __future__ import annotations

import functools
import operator
import sys
import typing

import numpy as np


@functools.singledispatch
def one(label: object) -> str:
    raise TypeError(f"labels must be strings, got {label!r}")


@one.register
def _(label: str) -> str:
    return sys.intern(operator.concat("", label) if type(label) is str else str.__str__(label))


def intern_labels(labels: typing.Iterable[str]) -> list[str]:
    known: dict[str, str] = {}
    numbers = []
    table = []
    for label in labels:
        text = one(label)
        if known.setdefault(text, text) is text:
            table.append(text)
        numbers.append(text)
    column = np.empty(len(numbers), dtype=object)
    column[:] = numbers
    return column.tolist()
