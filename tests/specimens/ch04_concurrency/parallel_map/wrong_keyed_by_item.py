# wrong: results in a dictionary under their items  [test_any_items_and_results]
import functools
import multiprocessing


def _pair(function, item):
    return item, function(item)


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    items = list(items)
    size = chunksize or len(items) // 8 or 1
    with multiprocessing.get_context(context).Pool(workers) as pool:
        found = dict(pool.imap_unordered(functools.partial(_pair, function), items, size))
    return [found[item] for item in items]
