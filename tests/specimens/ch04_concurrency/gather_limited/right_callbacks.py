# right: one future for the whole, fed by done callbacks that start the next coroutine
import asyncio


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError(f"limit must be 1 or more ({limit!r})")
    factories = list(factories)
    results = [None] * len(factories)
    everything = asyncio.get_running_loop().create_future()
    running = set()
    position = 0

    def fill():
        nonlocal position
        while position < len(factories) and len(running) < limit:
            task = asyncio.create_task(factories[position]())
            running.add(task)
            task.add_done_callback(lambda task, place=position: finished(task, place))
            position += 1
        if not running and not everything.done():
            everything.set_result(None)

    def finished(task, place):
        running.discard(task)
        if everything.done():
            if not task.cancelled():
                task.exception()
            return
        if task.cancelled():
            everything.cancel()
        elif task.exception() is not None:
            everything.set_exception(task.exception())
        else:
            results[place] = task.result()
            fill()

    fill()
    try:
        await everything
    finally:
        rest = list(running)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
    return results
