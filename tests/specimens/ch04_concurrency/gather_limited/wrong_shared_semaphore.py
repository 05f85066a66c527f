# wrong: one semaphore for all calls with the same loop  [test_calls_are_independent]
import asyncio
import weakref

_semaphores = weakref.WeakKeyDictionary()


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit can not be {limit}")
    loop = asyncio.get_running_loop()
    known = _semaphores.get(loop)
    if known is None or not known.busy:
        known = _semaphores[loop] = asyncio.Semaphore(limit)
        known.busy = 0
    known.busy += 1

    async def limited(factory):
        async with known:
            return await factory()

    tasks = [asyncio.create_task(limited(factory)) for factory in factories]
    try:
        return await asyncio.gather(*tasks)
    finally:
        known.busy -= 1
        for task in tasks:
            task.cancel()
