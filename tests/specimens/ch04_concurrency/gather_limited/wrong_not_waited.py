# wrong: cancels those in flight, but does not wait for their clean-up  [test_failure_cancels_siblings]
import asyncio
from itertools import islice


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit is {limit}, it must be 1 or more")
    waiting, results, running = enumerate(factories), {}, {}
    try:
        while True:
            for place, factory in islice(waiting, limit - len(running)):
                running[asyncio.create_task(factory())] = place
            if not running:
                return [results[place] for place in range(len(results))]
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                results[running.pop(task)] = task.result()
    finally:
        for task in running:
            task.cancel()
