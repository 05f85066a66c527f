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
    raise NotImplementedError("retry: write your solution here")
