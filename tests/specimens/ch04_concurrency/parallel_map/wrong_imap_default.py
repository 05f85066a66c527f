# wrong: imap sends the items one by one by default  [test_tiny_items_travel_in_chunks]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError(f"workers={workers!r}")
    options = {}
    if chunksize is not None:
        if chunksize < 1:
            raise ValueError(f"chunksize={chunksize!r}")
        options["chunksize"] = chunksize
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return list(pool.imap(function, items, **options))
