# wrong: gather raises the failure, and the siblings run on  [test_failure_cancels_siblings]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit must not be {limit}")
    semaphore = asyncio.Semaphore(limit)

    async def limited(factory):
        async with semaphore:
            return await factory()

    return await asyncio.gather(*(limited(factory) for factory in factories))
