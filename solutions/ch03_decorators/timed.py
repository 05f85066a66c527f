"""timed: how long did that take? Asked of every call, without a line in the function."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

### BEGIN SOLUTION
import functools
import inspect

### END SOLUTION


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
    ### BEGIN SOLUTION
    if function is None:
        # Used as @timed(...): give back a decorator that remembers the options.
        return functools.partial(timed, report=report, clock=clock)

    name = function.__name__
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            began = clock()
            try:
                # Without `await` the clock would stop when the coroutine has been made, not
                # when it has finished.
                return await function(*args, **kwargs)
            finally:
                report(name, clock() - began)
    else:

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            began = clock()  # a local variable: every call has its own
            try:
                return function(*args, **kwargs)
            finally:
                # Runs after `return` as well as after any exception, and swallows neither.
                report(name, clock() - began)

    return wrapper
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. `function=None` is what makes both spellings possible: @timed passes the function,
# @timed(...) passes none yet. The options are keyword-only, so that no option can be taken for
# the function.
# A context manager does as well (`with stopwatch(name):` around both calls says the try and
# finally once only), and contextlib.ContextDecorator turns one into a decorator, although not
# for coroutine functions.
# Common mistakes: time.time, the clock on the wall, which jumps when somebody sets it, so that
# an epoch takes -3600 s; reporting after the call instead of in `finally`, which hides the calls
# that matter most; a plain wrapper around a coroutine function, which reports 0 s; the start in
# an attribute or a nonlocal, which an overlapping call overwrites.
# On a GPU a call returns before its kernels have run. Pass a clock that waits for them:
#     def clock(): torch.cuda.synchronize(); return time.perf_counter()
### END SOLUTION
