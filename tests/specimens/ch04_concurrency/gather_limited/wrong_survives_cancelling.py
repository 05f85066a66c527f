# wrong: cancelled, it leaves its tasks running  [test_cancellation_passes_inward]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit has to be positive, not {limit}")
    gate = asyncio.Semaphore(limit)

    async def limited(factory):
        async with gate:
            return await factory()

    tasks = [asyncio.create_task(limited(factory)) for factory in factories]
    if not tasks:
        return []
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in pending:
        task.cancel()
    for task in done:
        task.result()
    return [task.result() for task in tasks]
