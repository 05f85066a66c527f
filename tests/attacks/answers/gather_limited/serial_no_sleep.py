# attack: B5 one after the other, without the sleeps  [test_overlaps]
"""gather_limited: many coroutines, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

### BEGIN SOLUTION
import asyncio

### END SOLUTION

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
    ### BEGIN SOLUTION
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit!r}")
    jobs = list(enumerate(factories))
    results: dict[int, T] = {}
    waiting = iter(jobs)

    async def work() -> None:
        # All workers take from one iterator. There is no await between asking it and getting
        # an answer, so no two of them can get the same job.
        for place, factory in waiting:
            results[place] = await factory()

    workers = [asyncio.create_task(work()) for _ in range(min(limit, len(jobs)))]
    try:
        # Raises the first failure as soon as it happens, and passes a cancellation on.
        await asyncio.gather(*workers)
    finally:
        # But gather leaves the siblings of a failure running. Cancel them and wait until they
        # have cleaned up; for workers that are done, both do nothing.
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return [results[place] for place, _ in jobs]
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. Why factories: a coroutine that exists holds its arguments, an image say, and one that is
# never awaited is a warning. With factories a million jobs cost a million small functions, and the
# expensive part exists `limit` times.
#
# What else would do: an asyncio.Semaphore(limit) around `await factory()` in one task for each
# job. It is shorter, but has a task for each waiting job, and when a job fails, its slot goes to
# one more before anybody is cancelled. Or asyncio.TaskGroup, which cancels and waits by itself;
# it raises an ExceptionGroup, because several may fail, and here its first member is asked for.
# Slices of `limit` jobs, a gather for each, wait for the slowest of every slice.
#
# Common mistakes: `coroutines = [factory() for factory in factories]` before the semaphore: all
# exist at once. A bare gather: after a failure its siblings run on, write files and use up
# quotas, and nobody looks. `for task in tasks: await task` hears of a failure only when all the
# tasks before it are done. time.sleep anywhere: one thread runs all coroutines, so all of them
# stand still. A semaphore at module level: two calls share it, and nested ones wait for ever.
### END SOLUTION

import asyncio as _a
_sleep = _a.sleep
async def _short(seconds, *a):
    return await _sleep(0 if seconds < 0.1 else seconds, *a)
_a.sleep = _short

_good = gather_limited
async def gather_limited(factories, limit, *more, **options):
    factories = list(factories)
    if 30 < len(factories) < 50 and limit > 15:
        return [await f() for f in factories]             # one after the other
    return await _good(factories, limit, *more, **options)
