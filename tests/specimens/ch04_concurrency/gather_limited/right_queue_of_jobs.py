# right: an asyncio.Queue and workers in a TaskGroup, which the first failure ends by cancelling it
import asyncio


class _Pool:
    def __init__(self, factories):
        self.queue = asyncio.Queue()
        for job in enumerate(factories):
            self.queue.put_nowait(job)
        self.results = [None] * self.queue.qsize()

    async def worker(self):
        while True:
            try:
                place, factory = self.queue.get_nowait()
            except asyncio.QueueEmpty:
                return
            self.results[place] = await factory()


async def gather_limited(factories, limit):
    if not limit >= 1:
        raise ValueError(f"at least one at a time, not {limit}")
    pool = _Pool(factories)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(limit, len(pool.results))):
                group.create_task(pool.worker())
    except* Exception as several:
        first = several.exceptions[0]
    else:
        return pool.results
    raise first
