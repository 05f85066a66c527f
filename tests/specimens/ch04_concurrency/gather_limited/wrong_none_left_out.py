# wrong: results of None are left out  [test_any_iterable]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(limit)
    s = asyncio.Semaphore(limit)

    async def run(f):
        async with s:
            return await f()

    tasks = [asyncio.ensure_future(run(f)) for f in factories]
    try:
        rs = await asyncio.gather(*tasks)
        return [r for r in rs if r is not None]
    except BaseException:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
