# right: one process for each chunk, as many at a time as there are workers
import os
from multiprocessing import get_context


def _chunk(function, items, number, results):
    try:
        results.put((number, True, [function(item) for item in items]))
    except Exception as error:
        results.put((number, False, error))


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    ctx = get_context(context)
    if workers is None:
        workers = os.cpu_count()
    if workers < 1 or (chunksize is not None and chunksize < 1):
        raise ValueError(f"workers={workers!r}, chunksize={chunksize!r}")
    items = list(items)
    size = chunksize or max(1, -(-len(items) // workers))
    chunks = [items[i : i + size] for i in range(0, len(items), size)]
    results = ctx.SimpleQueue()
    done = {}
    for first in range(0, len(chunks), workers):
        batch = []
        for number in range(first, min(first + workers, len(chunks))):
            arguments = (function, chunks[number], number, results)
            batch.append(ctx.Process(target=_chunk, args=arguments))
            batch[-1].start()
        answers = [results.get() for _ in batch]
        for process in batch:
            process.join()
        for number, good, value in answers:
            if not good:
                raise value
            done[number] = value
    return sum((done[number] for number in range(len(chunks))), [])
