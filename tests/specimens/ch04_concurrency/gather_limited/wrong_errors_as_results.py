# wrong: return_exceptions=True makes results of the failures  [test_failure_cancels_siblings]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit={limit}")
    semaphore = asyncio.Semaphore(limit)
    failed = asyncio.Event()

    async def limited(factory):
        async with semaphore:
            if failed.is_set():
                return None
            try:
                return await factory()
            except Exception as error:
                failed.set()
                for task in tasks:
                    if task is not asyncio.current_task():
                        task.cancel()
                return error

    tasks = [asyncio.create_task(limited(factory)) for factory in factories]
    return await asyncio.gather(*tasks, return_exceptions=True)
