# wrong: takes exception groups apart (left over from a TaskGroup version), also one that the coroutine itself raised  [test_failure_cancels_siblings]
from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def _bury(tasks) -> None:
    """Cancel the tasks and see all of them out, whatever comes in between."""
    interrupted = None
    for t in tasks:
        t.cancel()
    while alive := [t for t in tasks if not t.done()]:
        try:
            await asyncio.wait(alive)
        except asyncio.CancelledError as e:
            interrupted = e
    for t in tasks:
        if not t.cancelled():
            t.exception()  # looked at, so that nobody complains
    if interrupted is not None:
        raise interrupted


async def gather_limited(
    factories: Iterable[Callable[[], Coroutine[Any, Any, T]]], limit: int
) -> list[T]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    source = enumerate(factories)
    more = True
    running: dict[asyncio.Task, int] = {}
    results: dict[int, T] = {}
    try:
        while True:
            while more and len(running) < limit:
                try:
                    number, factory = next(source)
                except StopIteration:
                    more = False
                else:
                    running[asyncio.ensure_future(factory())] = number
            if not running:
                break
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            bad = None
            for t in done:
                number = running.pop(t)
                if t.cancelled() or t.exception() is not None:
                    bad = bad or t
                else:
                    results[number] = t.result()
            if bad is not None:
                if bad.cancelled():
                    bad.result()
                error = bad.exception()
                while isinstance(error, BaseExceptionGroup):
                    error = error.exceptions[0]
                raise error
    finally:
        if running:
            await _bury(list(running))
    return [results[n] for n in range(len(results))]
