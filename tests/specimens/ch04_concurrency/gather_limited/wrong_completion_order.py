# wrong: the results in the order in which the coroutines end  [test_results_in_order]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit was {limit}")
    gate = asyncio.Semaphore(limit)
    results = []

    async def limited(factory):
        async with gate:
            results.append(await factory())

    tasks = [asyncio.create_task(limited(factory)) for factory in factories]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    return results
