# wrong: returns what it has when it is cancelled  [test_cancellation_passes_inward]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"no {limit} at a time")
    jobs = list(enumerate(factories))
    results = [None] * len(jobs)
    rest = iter(jobs)

    async def worker():
        for place, factory in rest:
            results[place] = await factory()

    workers = [asyncio.create_task(worker()) for _ in range(min(limit, len(jobs)))]
    try:
        await asyncio.gather(*workers)
    except asyncio.CancelledError:
        pass
    finally:
        for task in workers:
            task.cancel()
    return results
