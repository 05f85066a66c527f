# wrong: sorts the unordered results by value  [test_maps_a_list]
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize")
    with get_context(context).Pool(workers) as pool:
        return sorted(pool.imap_unordered(function, items, chunksize or 16))
