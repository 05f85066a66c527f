"""gather_limited: many coroutines, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar


T = TypeVar("T")


async def gather_limited(
    factories: Iterable[Callable[[], Coroutine[Any, Any, T]]], limit: int
) -> list[T]:
    """Run the coroutines that ``factories`` make, at most ``limit`` at a time.

    >>> import asyncio, functools
    >>> async def square(x):
    ...     await asyncio.sleep(0)
    ...     return x * x
    >>> asyncio.run(gather_limited([functools.partial(square, n) for n in range(4)], limit=2))
    [0, 1, 4, 9]

    A factory takes no arguments and returns a coroutine; each is called once. ``factories`` is any
    iterable of them, such as a list or a generator. The result is the list of what the coroutines
    returned, in the order of their factories.

    At any moment at most ``limit`` coroutines are in flight, and as many are while there is work
    for them. A factory is called when its coroutine begins: one that waits for its turn does not
    exist yet. The event loop is never blocked. Each call has a limit of its own, so a coroutine may
    call ``gather_limited`` itself.

    If a coroutine raises an ``Exception``, the call raises it: the same object, with no group and
    no wrapper. It hears of the failure when it happens, not when earlier coroutines have ended, and
    cancels those in flight. If the caller is cancelled, those in flight are cancelled and so is the
    call. In both cases the call ends only when all its coroutines have ended, their clean-up
    included, and no further factory is called, except in the place of a coroutine that failed or
    that ended in the same step of the event loop. Left open are which exception is raised if
    several fail, and what happens if a factory or the iterable raises, if the caller is cancelled
    twice or after a failure, or if a cancelled coroutine ends with anything but its
    ``CancelledError``.

    Raises ``ValueError`` if ``limit`` is below 1, at the call or when awaited, before any factory
    is called.
    """
    raise NotImplementedError("gather_limited: write your solution here")
