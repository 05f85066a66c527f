# wrong: waits for a free slot in select, past any time.sleep  [test_does_not_block_the_loop]
import asyncio
import select


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"bad limit {limit}")
    tasks, running = [], set()
    try:
        for factory in factories:
            while len(running) >= limit:
                select.select([], [], [], 0.0005)
                await asyncio.sleep(0)
            task = asyncio.create_task(factory())
            running.add(task)
            task.add_done_callback(running.discard)
            tasks.append(task)
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        raise
