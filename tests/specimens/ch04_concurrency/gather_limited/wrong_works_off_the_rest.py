# wrong: cancels those in flight until nobody takes their places  [test_failure_cancels_siblings]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit is {limit}, it must be 1 or more")
    gate, running = asyncio.Semaphore(limit), set()

    async def limited(factory):
        async with gate:
            running.add(asyncio.current_task())
            try:
                return await factory()
            finally:
                running.discard(asyncio.current_task())

    tasks = [asyncio.create_task(limited(factory)) for factory in factories]
    try:
        return await asyncio.gather(*tasks)
    except Exception:
        while running:
            for task in running:
                task.cancel()
            await asyncio.wait(set(running))
            await asyncio.sleep(0)
        raise
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
