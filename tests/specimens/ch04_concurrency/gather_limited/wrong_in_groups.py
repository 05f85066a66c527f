# wrong: groups of `limit`, each after the one before it is done  [test_nothing_is_made_early]
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit must be >= 1, not {limit}")
    factories, out = list(factories), []
    for i in range(0, len(factories), limit):
        try:
            async with asyncio.TaskGroup() as tg:
                tasks = [tg.create_task(make()) for make in factories[i : i + limit]]
        except BaseExceptionGroup as e:
            raise e.exceptions[0] from None
        out += [t.result() for t in tasks]
    return out
