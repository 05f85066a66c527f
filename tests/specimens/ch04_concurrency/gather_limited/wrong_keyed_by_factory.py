# wrong: the results in a dict whose keys are the factories  [test_any_iterable]
import asyncio
from itertools import islice


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit is {limit}, it must be 1 or more")
    factories, results, running = list(factories), {}, {}
    waiting = iter(factories)
    try:
        while True:
            for factory in islice(waiting, limit - len(running)):
                running[asyncio.create_task(factory())] = factory
            if not running:
                return [results[factory] for factory in factories]
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                results[running.pop(task)] = task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
