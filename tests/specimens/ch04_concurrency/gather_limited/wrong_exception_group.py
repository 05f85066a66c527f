# wrong: lets the ExceptionGroup of the TaskGroup out  [test_failure_cancels_siblings]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit should be positive: {limit}")
    semaphore = asyncio.Semaphore(limit)

    async def limited(factory):
        async with semaphore:
            return await factory()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(limited(factory)) for factory in factories]
    return [task.result() for task in tasks]
