# wrong: one apply_async for each item, whatever the chunksize  [test_tiny_items_travel_in_chunks]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        pending = [pool.apply_async(function, (item,)) for item in items]
        return [result.get() for result in pending]
