"""gather_limited: many coroutines, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

### BEGIN SOLUTION
import asyncio
from itertools import islice

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
    ### BEGIN SOLUTION
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit!r}")
    waiting = enumerate(factories)
    running: dict[asyncio.Task[T], int] = {}  # the place of each one's result
    results: dict[int, T] = {}
    try:
        while True:
            # Takes as many jobs as there are free slots. A generator is read no further.
            for place, factory in islice(waiting, limit - len(running)):
                running[asyncio.create_task(factory())] = place
            if not running:
                return [results[place] for place in range(len(results))]
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                results[running.pop(task)] = task.result()  # raises what the coroutine raised
    finally:
        # After a failure or a cancellation the others still run, and asyncio.wait leaves them
        # running. Cancel them and wait until they have cleaned up.
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. Why factories: a coroutine that exists holds its arguments, for example an image, and one
# that is never awaited is a warning. With factories a million jobs cost a million small functions,
# and the expensive part exists `limit` times.
#
# What else would do: `limit` workers that take jobs from one shared iterator. Or an
# asyncio.Semaphore(limit) around `await factory()` in one task for each job. It is shorter, but has
# a task for each waiting job, and when a job fails, one more takes its slot before the others are
# cancelled. Or asyncio.TaskGroup, which cancels and waits by itself; it raises an ExceptionGroup,
# because several may fail, and here its first member is asked for. Slices of `limit` jobs, a gather
# for each, wait for the slowest of every slice.
#
# Common mistakes: `coroutines = [factory() for factory in factories]` before the semaphore: all
# exist at once. A bare gather: after a failure its siblings run on, write files and use up
# quotas, and nobody looks. `for task in tasks: await task` hears of a failure only when all the
# tasks before it are done. time.sleep anywhere: one thread runs all coroutines, so all of them
# stand still. A semaphore at module level: two calls share it, and nested ones wait for ever.
### END SOLUTION
