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

    Usable bare, ``@timed``, and with options, ``@timed(report=…, clock=…)`` or ``@timed()``;
    also as a call, ``timed(function, report=…)``. What ``timed(…)`` with options returns may
    decorate several functions.

    When a call ends, ``report(name, seconds)`` is called once, before the caller goes on:
    ``name`` is the function's ``__name__``, ``seconds`` what the clock showed then minus what
    it showed before the function began, neither rounded nor converted. Both come from
    ``clock``, by default ``time.perf_counter``, which nobody can set back. The caller gets what
    the function returned, the very object.

    A call that raises is reported just the same, whatever the exception (``KeyboardInterrupt``
    and ``asyncio.CancelledError`` too); the exception then reaches the caller, the very object.

    A decorated coroutine function is one still. It is timed until it finishes, waiting
    included, and only then reported.

    Calls that overlap (recursion, threads, tasks) each have a time of their own. Works on
    methods, with any arguments. The decorated function keeps name, docstring and signature of
    the original, which is its ``__wrapped__``.
    """
    raise NotImplementedError("timed: write your solution here")
