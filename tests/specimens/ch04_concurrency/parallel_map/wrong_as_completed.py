# wrong: futures collected as they complete  [test_order_of_the_items]
import concurrent.futures
import multiprocessing


def _many(function, chunk):
    return [function(item) for item in chunk]


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    items = list(items)
    if chunksize is None:
        chunksize = len(items) // 8 + 1
    chunks = [items[i : i + chunksize] for i in range(0, len(items), chunksize)]
    if chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    results = []
    mp = multiprocessing.get_context(context)
    with concurrent.futures.ProcessPoolExecutor(workers, mp_context=mp) as pool:
        futures = [pool.submit(_many, function, chunk) for chunk in chunks]
        for future in concurrent.futures.as_completed(futures):
            results.extend(future.result())
    return results
