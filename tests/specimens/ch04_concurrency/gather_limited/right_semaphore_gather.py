# right: a semaphore and gather; on any exception the tasks are cancelled and awaited
import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def gather_limited(factories: Iterable[Callable[[], Awaitable]], limit: int) -> list:
    if limit <= 0:
        raise ValueError(f"limit: {limit}")
    slots = asyncio.BoundedSemaphore(limit)

    async def guarded(factory):
        await slots.acquire()
        try:
            return await factory()
        finally:
            slots.release()

    tasks = [asyncio.ensure_future(guarded(f)) for f in factories]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            if not task.done():
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
