"""retry: call again, and if that does not help, say what really went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

### BEGIN SOLUTION
import asyncio
import functools
import inspect
import math

### END SOLUTION

F = TypeVar("F", bound=Callable[..., Any])


def retry(
    max_attempts: int = 3,
    delay: float = 1.0,
    *,
    backoff: float = 1.0,
    exceptions: tuple[type[BaseException], ...] = (Exception,),
    sleep: Callable[[float], Any] = time.sleep,
) -> Callable[[F], F]:
    """Decorate a function so that it is called again when it raises.

    >>> answers = iter([OSError("busy"), OSError("busy"), "42"])
    >>> @retry(3, delay=0.5, backoff=2.0, sleep=lambda seconds: print("sleep", seconds))
    ... def ask():
    ...     answer = next(answers)
    ...     if isinstance(answer, Exception):
    ...         raise answer
    ...     return answer
    >>> ask()
    sleep 0.5
    sleep 1.0
    '42'

    There are at most ``max_attempts`` calls, the first one counted. Between two of them
    ``sleep(delay)`` is called; each later sleep is ``backoff`` times as
    long as the one before it. There is no sleep after the last attempt: its exception is
    raised, the very object, not a wrapper. Every call of the decorated function starts anew
    with ``max_attempts`` attempts and the first delay.

    Only the classes in ``exceptions`` are tried again; any other exception passes at once.
    By default that lets ``KeyboardInterrupt`` and ``asyncio.CancelledError`` through.

    Coroutine functions work, too: the decorated one is a coroutine function, and waiting
    between attempts does not block the event loop. A ``sleep`` that returns an awaitable is
    awaited; the default becomes ``asyncio.sleep``.

    The decorated function keeps the name, docstring and signature of the original.

    Raises at decoration, not at the first failure: ``ValueError`` if ``max_attempts`` is below
    1 or ``delay`` is negative, ``TypeError`` if ``max_attempts`` is not a number at all.
    """
    ### BEGIN SOLUTION
    # Checked here, where the mistake is written, and not at the first failure in production.
    if isinstance(max_attempts, bool) or not isinstance(max_attempts, int):
        raise TypeError(f"max_attempts must be an int, not {max_attempts!r}")
    if max_attempts < 1:
        raise ValueError(f"max_attempts must be at least 1, not {max_attempts!r}")
    for name, value in (("delay", delay), ("backoff", backoff)):
        if not isinstance(value, int | float):
            raise TypeError(f"{name} must be a number, not {value!r}")
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} must be finite and not negative, not {value!r}")
    caught = exceptions if isinstance(exceptions, tuple) else (exceptions,)
    for kind in caught:
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise TypeError(f"exceptions must be exception classes, not {kind!r}")

    def decorate(function: F) -> F:
        if inspect.iscoroutinefunction(function):
            # time.sleep would stop every other task of the loop, too.
            pause = asyncio.sleep if sleep is time.sleep else sleep

            @functools.wraps(function)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                wait = delay
                for _ in range(max_attempts - 1):
                    try:
                        return await function(*args, **kwargs)
                    except caught:
                        pausing = pause(wait)
                        if inspect.isawaitable(pausing):
                            await pausing
                        wait *= backoff
                return await function(*args, **kwargs)
        else:

            @functools.wraps(function)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                wait = delay
                for _ in range(max_attempts - 1):
                    try:
                        return function(*args, **kwargs)
                    except caught:
                        sleep(wait)
                        wait *= backoff
                # The last attempt stands outside the loop: nothing catches its exception, so
                # it reaches the caller unchanged, and there is nothing left to sleep before.
                return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. The usual shape, `for attempt in range(n): try … except: if attempt == n - 1: raise;
# sleep(…)`, is as good; it only has to get three things right at once: raise before sleeping,
# bare `raise` rather than `raise error from …`, and nothing after the loop that returns None.
# `wait` lives in the wrapper's call, not in the decorator: kept outside, the second call would
# start with the last call's longest delay, and two threads would lengthen each other's.
# For real services add jitter (random spread), or all clients come back in the same instant;
# and retry only what is idempotent: an order that was placed but not acknowledged is placed
# twice. Libraries for this: tenacity, stamina.
### END SOLUTION
