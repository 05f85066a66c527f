# wrong: awaits the tasks in turn and hears of a failure late  [test_failure_cancels_siblings]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"{limit} is no limit")
    gate = asyncio.Semaphore(limit)

    async def limited(factory):
        async with gate:
            return await factory()

    tasks = [asyncio.create_task(limited(factory)) for factory in factories]
    try:
        return [await task for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
