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
# Common mistakes: time.time, the clock on the wall, which jumps when it is set, so that
# an epoch takes -3600 s; reporting after the call instead of in `finally`, which hides the calls
# that matter most; a plain wrapper around a coroutine function, which reports 0 s; the start in
# an attribute or a nonlocal, which an overlapping call overwrites.
# On a GPU a call returns before its kernels have run. Pass a clock that waits for them:
#     def clock(): torch.cuda.synchronize(); return time.perf_counter()
### END SOLUTION
