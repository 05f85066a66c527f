# wrong: makes every coroutine first and limits only who runs  [test_nothing_is_made_early]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit {limit} < 1")
    semaphore = asyncio.Semaphore(limit)
    coroutines = [factory() for factory in factories]

    async def limited(coroutine):
        async with semaphore:
            return await coroutine

    tasks = [asyncio.create_task(limited(coroutine)) for coroutine in coroutines]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        for coroutine in coroutines:
            coroutine.close()
        raise
