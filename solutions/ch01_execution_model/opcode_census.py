"""opcode_census: which instructions a function was compiled to."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any

### BEGIN SOLUTION
import dis
from types import CodeType

### END SOLUTION


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
    ### BEGIN SOLUTION
    census: collections.Counter[str] = collections.Counter()
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        # Neither caches nor specialised forms show unless one asks for them.
        census.update(instruction.opname for instruction in dis.get_instructions(code))
        # Code written inside a function is compiled with it and kept among its constants, once.
        # When the function runs, MAKE_FUNCTION and the class builder only pick it up there.
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return census
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. dis.dis(function) prints the same, nested code included, and its text is for people:
# columns move, names and constants of the program stand in it ('LOAD_FAST' may be a string),
# and it looks different in each version. The objects of dis.get_instructions have names.
#
# By hand: `function.__code__.co_code[::2]` holds the opcodes, dis.opname their names; then leave
# out CACHE, the room in which an instruction keeps what it has learnt. With adaptive=True one
# sees what it learnt, for example BINARY_OP_ADD_INT: worth a look after a few hundred
# calls, but a different answer each time.
#
# Recursion reads as well: census = Counter(...), then census.update(…) for each nested code
# object. The trap is a default argument, `census=Counter()`, which all calls share. Names differ
# between versions of Python (RETURN_CONST came in 3.12 and went in 3.14), so never compare a
# census with numbers that are written down somewhere.
### END SOLUTION
