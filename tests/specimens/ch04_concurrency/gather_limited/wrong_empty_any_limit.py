# wrong: without any factory it returns [] before it looks at limit  [test_refuses_limits_below_one]
from __future__ import annotations

import asyncio


async def _run(factory):
    return await factory()


async def gather_limited(factories, limit):
    factories = list(factories)
    if not factories:
        return []
    if limit < 1:
        raise ValueError("limit must be at least 1")
    source = enumerate(factories)
    places = {}
    results = {}
    more = True
    try:
        while True:
            while more and len(places) < limit:
                try:
                    place, factory = next(source)
                except StopIteration:
                    more = False
                    break
                places[asyncio.ensure_future(_run(factory))] = place
            if not places:
                break
            done, _ = await asyncio.wait(places, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                results[places[task]] = task.result()
            for task in done:
                del places[task]
    except BaseException:
        for task in places:
            task.cancel()
        while not all(task.done() for task in places):
            try:
                await asyncio.wait(places)
            except asyncio.CancelledError:
                pass
        for task in places:
            if not task.cancelled():
                task.exception()
        raise
    return [results[n] for n in range(len(results))]
