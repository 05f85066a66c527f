# right: a TaskGroup with a semaphore, and the first member of the group it raises
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit={limit} is less than one")
    gate = asyncio.Semaphore(limit)

    async def run(factory):
        async with gate:
            return await factory()

    failure = None
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run(factory)) for factory in factories]
    except BaseExceptionGroup as several:
        failure = several.exceptions[0]
    if failure is not None:
        raise failure
    return [task.result() for task in tasks]
