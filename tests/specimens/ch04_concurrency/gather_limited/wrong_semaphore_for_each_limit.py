# wrong: calls of the same limit share a semaphore  [test_calls_are_independent]
import asyncio

_sems = {}


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(limit)
    loop = asyncio.get_running_loop()
    s = _sems.setdefault((id(loop), limit), asyncio.Semaphore(limit))

    async def run(f):
        async with s:
            return await f()

    tasks = [asyncio.ensure_future(run(f)) for f in factories]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
