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

    A factory is called without arguments, once, and returns a coroutine; a list, a generator or
    any other iterable of them will do. The result is the list of what the coroutines returned,
    in the order of their factories, whichever ended first.

    At any moment at most ``limit`` coroutines are in flight, and as many are if there is work
    for them. A coroutine that waits for its turn does not exist yet: its factory is called
    when it begins. The event loop is never blocked. Each call has a limit of its own, so a
    coroutine may call ``gather_limited`` itself.

    If a coroutine raises, those in flight are cancelled and that exception is raised, the very
    object: no group, no wrapper. That happens when it fails, however long the ones before it
    would take. If the caller is cancelled, those in flight are cancelled and so is the caller.
    Either way, none goes on running, and the factories that are left are not worked off.

    Raises ``ValueError``, when awaited, if ``limit`` is below 1.
    """
    raise NotImplementedError("gather_limited: write your solution here")
