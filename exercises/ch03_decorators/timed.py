"""timed: how long did that take? Asked of every call, without a line in the function."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def timed(
    function: Callable[..., Any] | None = None,
    *,
    report: Callable[[str, float], Any] = print,
    clock: Callable[[], float] = time.perf_counter,
) -> Callable[..., Any]:
    """Decorate a function so that the duration of each call is reported.

    >>> ticks = iter([10.0, 12.5])
    >>> @timed(clock=lambda: next(ticks))
    ... def train():
    ...     return "done"
    >>> train()
    train 2.5
    'done'

    Use it bare, ``@timed``, or with options, ``@timed(report=…, clock=…)`` or ``@timed()``, or
    as a call, ``timed(function, report=…)``. What ``timed(…)`` with options returns may decorate
    several functions.

    When a call ends, ``report(name, seconds)`` is called once, before the caller goes on.
    ``name`` is the function's ``__name__``. ``seconds`` is what the clock shows then, minus what
    it showed just before the function began. It is neither rounded nor converted to another
    type. The clock is ``clock``. By default it is ``time.perf_counter``, which nobody can set
    back, and ``report`` is ``print``. The caller gets the very object that the function returned.

    A call that raises is reported in the same way, whatever the exception: also
    ``KeyboardInterrupt`` and ``asyncio.CancelledError``. Then the caller gets the very exception
    object.

    A decorated coroutine function stays a coroutine function. It is timed until it finishes,
    waiting included, and reported then.

    Calls that overlap (recursion, threads, tasks) each have a time of their own. Functions may
    have any arguments, with any names except ``self``. Methods work, also below
    ``@staticmethod`` and ``@classmethod``. The decorated function keeps name, docstring and
    signature of the original, which is its ``__wrapped__``.

    Left open: generator functions, and a ``report`` or ``clock`` that raises.
    """
    raise NotImplementedError("timed: write your solution here")
