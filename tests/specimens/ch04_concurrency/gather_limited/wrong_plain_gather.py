# wrong: a plain gather of everything at once  [test_as_many_as_the_limit]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit is {limit}")
    tasks = [asyncio.create_task(factory()) for factory in factories]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
