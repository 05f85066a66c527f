# wrong: lets one more in than the limit says  [test_as_many_as_the_limit]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit: at least 1, not {limit}")
    running, tasks = set(), []
    try:
        for factory in factories:
            if len(running) > limit:
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                running -= done
            task = asyncio.ensure_future(factory())
            running.add(task)
            tasks.append(task)
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
