# wrong: takes a limit of 0, with which nothing ever begins  [test_refuses_limits_below_one]
import asyncio


async def gather_limited(factories, limit):
    waiting = list(enumerate(factories))[::-1]
    results = [None] * len(waiting)

    async def worker():
        while waiting:
            place, factory = waiting.pop()
            results[place] = await factory()

    workers = [asyncio.create_task(worker()) for _ in range(min(limit, len(waiting)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for task in workers:
            task.cancel()
    return results
