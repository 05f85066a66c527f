# wrong: calls each factory once more, to see that it makes a coroutine  [test_nothing_is_made_early]
import asyncio
from itertools import islice


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit is {limit}, it must be 1 or more")
    waiting, results, running = enumerate(factories), {}, {}
    try:
        while True:
            for place, factory in islice(waiting, limit - len(running)):
                coroutine = factory()
                if not asyncio.iscoroutine(coroutine):
                    raise TypeError("a factory must return a coroutine")
                coroutine.close()
                running[asyncio.create_task(factory())] = place
            if not running:
                return [results[place] for place in range(len(results))]
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                results[running.pop(task)] = task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
