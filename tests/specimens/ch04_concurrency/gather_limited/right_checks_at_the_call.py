# right: a plain function that checks at the call and returns a coroutine; workers share one iterator
import asyncio


def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit is {limit}, it must be 1 or more")
    return _gather(list(factories), limit)


async def _gather(factories, limit):
    jobs = iter(list(enumerate(factories)))
    results = [None] * len(factories)

    async def work():
        for place, factory in jobs:
            results[place] = await factory()

    workers = [asyncio.create_task(work()) for _ in range(min(limit, len(factories)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return results
