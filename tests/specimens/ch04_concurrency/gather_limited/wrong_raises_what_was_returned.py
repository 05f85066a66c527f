# wrong: an exception that was returned is raised  [test_any_iterable]
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
        for r in rs:
            if isinstance(r, Exception):
                raise r
        return rs
    except BaseException:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
