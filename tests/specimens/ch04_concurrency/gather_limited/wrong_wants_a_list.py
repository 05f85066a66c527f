# wrong: asks for the length of the factories  [test_any_iterable]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit under one: {limit}")
    results = [None] * len(factories)
    gate = asyncio.Semaphore(limit)

    async def limited(place):
        async with gate:
            results[place] = await factories[place]()

    tasks = [asyncio.create_task(limited(place)) for place in range(len(factories))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    return results
