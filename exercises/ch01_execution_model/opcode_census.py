"""opcode_census: which instructions a function was compiled to."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any


def opcode_census(function: Callable[..., Any]) -> collections.Counter[str]:
    """Count the bytecode instructions of a Python function by name.

    >>> def mean(rows):
    ...     def weight(row):
    ...         return len(row)
    ...     return sum(map(weight, rows)) / len(rows)
    >>> census = opcode_census(mean)
    >>> census["BINARY_OP"]  # the division
    1
    >>> census["RESUME"]  # the first instruction of `mean`, and of `weight`
    2

    Count the instructions of the function and of all code that is written inside it, at any
    depth: functions, lambdas, classes and their methods, generator expressions. Each code object
    counts once, however often it is loaded; two lambdas that read alike are two of them.
    Functions that it only uses, because it calls them, wraps them (``functools.wraps``) or is
    given them, are not inside it.

    Count what the compiler made, by the names in ``dis.opmap``, ``EXTENDED_ARG`` included. The
    interpreter puts specialised forms into a function that runs often, and data between the
    instructions (``CACHE``). Count neither: the census is the same however often the function
    has run.

    The function is not run. Every call returns a ``collections.Counter`` of its own.

    Args:
        function: made by ``def`` or ``lambda``; other callables are not asked for.
    """
    raise NotImplementedError("opcode_census: write your solution here")
