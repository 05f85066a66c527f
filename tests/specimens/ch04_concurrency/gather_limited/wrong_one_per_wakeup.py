# wrong: of several coroutines that end together only one is replaced  [test_nothing_is_made_early]
from __future__ import annotations

import asyncio


async def _run(factory):
    return await factory()


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError("limit must be at least 1")
    source = enumerate(factories)
    places = {}
    results = {}
    more = True
    started = False
    try:
        while True:
            room = 1 if started else limit
            started = True
            while more and room:
                room -= 1
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
