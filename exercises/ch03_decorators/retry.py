"""retry: call again, and if that does not help, say what really went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar


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
    raise NotImplementedError("retry: write your solution here")
