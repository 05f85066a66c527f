"""retry: call again, and if that does not help, say what really went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

### BEGIN SOLUTION
import asyncio
import functools
import inspect
from collections.abc import Iterator

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

    There are at most ``max_attempts`` calls, the first one counted, each with the same
    arguments. Whatever a call returns, ``None`` too, is the result and ends it. Between two
    calls ``sleep`` is called once: with ``delay`` the first time, then with ``backoff`` times
    the wait before. By default it waits for so many seconds. There is no sleep before the first
    call or after the last. If the last attempt raises, its exception reaches the caller, the
    very object and not a wrapper or a copy.

    Only the classes in ``exceptions`` and their subclasses are tried again. Any other exception
    passes at once, after whichever attempt. By default that lets ``KeyboardInterrupt``,
    ``SystemExit`` and ``asyncio.CancelledError`` through. An exception of ``sleep`` passes at
    once, whatever its class.

    Nothing is kept from one call of the decorated function to the next: each has all its
    attempts and begins with the first delay, also in several threads or tasks at once. What
    ``retry(...)`` returns may decorate several functions.

    A decorated coroutine function stays a coroutine function, and follows the same rules. A
    coroutine function as ``sleep`` is awaited; a plain one is just called. The default does not
    block the event loop of a coroutine function.

    Methods work, also below ``@staticmethod`` and ``@classmethod``. The decorated function
    keeps name, docstring and signature of the original, which is its ``__wrapped__``.

    Wrong arguments raise at decoration, not at the first call: a ``max_attempts`` below 1 or a
    negative ``delay`` is a ``ValueError``, a ``max_attempts`` that is not a number, such as
    ``"3"``, a ``TypeError``.

    Left open: a ``max_attempts`` of 2.5, a power of ``backoff`` too large for a float,
    ``asyncio.CancelledError`` among the ``exceptions``, a plain ``sleep`` that returns an
    awaitable, a coroutine ``sleep`` for a plain function, and generator functions.
    """
    ### BEGIN SOLUTION
    # Checked here, where the mistake is written, and not at the first failure in production.
    _check_number("max_attempts", max_attempts, int, 1)
    _check_number("delay", delay, (int, float), 0)
    _check_number("backoff", backoff, (int, float), 0)
    if not (isinstance(exceptions, tuple) and all(map(_is_exception_class, exceptions))):
        raise TypeError(f"exceptions must be a tuple of exception classes, not {exceptions!r}")

    def waits() -> Iterator[float]:
        """The waits between the attempts. Each call asks for its own, so none is shared."""
        wait = delay
        for _ in range(max_attempts - 1):
            yield wait
            wait *= backoff

    async def pause(seconds: float) -> None:
        # time.sleep would stop every other task of the loop, too.
        pausing = asyncio.sleep(seconds) if sleep is time.sleep else sleep(seconds)
        if inspect.isawaitable(pausing):
            await pausing

    def decorate(function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                for wait in waits():
                    try:
                        # Without this await the exception would come outside the try.
                        return await function(*args, **kwargs)
                    except exceptions:
                        pass
                    await pause(wait)
                return await function(*args, **kwargs)
        else:

            @functools.wraps(function)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                for wait in waits():
                    try:
                        return function(*args, **kwargs)
                    except exceptions:
                        pass
                    # Not within `except`: there the exception lives, and its traceback keeps
                    # all that the failed call held, for as long as the sleep lasts.
                    sleep(wait)
                # The last attempt stands outside the loop: nothing catches its exception, so
                # it reaches the caller unchanged, and there is nothing left to sleep before.
                return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate
    ### END SOLUTION


### BEGIN SOLUTION
def _check_number(name: str, value: Any, kind: Any, least: int) -> None:
    """Raise unless ``value`` is a number of that kind (no bool) and at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(f"{name} must be a number, not {value!r}")
    if not value >= least:  # written so that a NaN, which compares as False, is refused as well
        raise ValueError(f"{name} must be at least {least}, not {value!r}")


def _is_exception_class(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseException)


# Notes. The usual shape, `for attempt in range(n): try … except: if attempt == n - 1: raise;
# sleep(…)`, is as good; it only has to get three things right at once: raise before sleeping,
# a bare `raise` rather than `raise Failed() from error`, and nothing after the loop that
# returns None.
# The two wrappers say the same thing twice. That is the price of `await`: a plain function
# cannot wait without blocking its thread, a coroutine must not.
# Common mistakes: the current wait kept in the decorator instead of in the call, so that the
# second call starts with the last one's longest wait and two threads lengthen each other's;
# `except BaseException`, which makes ctrl-C and task.cancel() wait for every attempt; one plain
# wrapper for everything, which sees a coroutine function return at once and never fail.
# For real services add jitter (random spread), or all clients come back in the same instant;
# and retry only what is idempotent: an order that was placed but not acknowledged is placed
# twice. Libraries for this: tenacity, stamina.
### END SOLUTION
