# right: a window of tasks, refilled by asyncio.wait(FIRST_COMPLETED); the iterable is read lazily
import asyncio
from itertools import islice


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit must be positive, got {limit!r}")
    source = enumerate(factories)
    results, place_of, pending = [], {}, set()
    try:
        while True:
            for place, factory in islice(source, limit - len(pending)):
                task = asyncio.ensure_future(factory())
                place_of[task] = place
                results.append(None)
                pending.add(task)
            if not pending:
                return results
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                results[place_of.pop(task)] = task.result()
    except BaseException:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        raise
