# right: asyncio gathers what a ProcessPoolExecutor makes of each chunk
import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def _chunk(function, items):
    return [function(item) for item in items]


async def _gather(function, chunks, executor):
    loop = asyncio.get_running_loop()
    jobs = [loop.run_in_executor(executor, _chunk, function, chunk) for chunk in chunks]
    return [value for values in await asyncio.gather(*jobs) for value in values]


def parallel_map(
    function, items, workers: int | None = None, chunksize: int | None = None, context="spawn"
) -> list:
    method = get_context(context)
    if workers is not None and workers < 1:
        raise ValueError(f"workers={workers}")
    if chunksize is not None and chunksize < 1:
        raise ValueError(f"chunksize={chunksize}")
    items = list(items)
    count = workers or len(os.sched_getaffinity(0))
    size = chunksize or len(items) // (count * 4) or 1
    chunks = [items[i : i + size] for i in range(0, len(items), size)]
    with ProcessPoolExecutor(count, mp_context=method) as executor:
        return asyncio.run(_gather(function, chunks, executor))
