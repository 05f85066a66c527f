# wrong: raises another exception from the original  [test_error_reaches_the_caller]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        try:
            return pool.map(function, items, chunksize)
        except Exception as error:
            raise RuntimeError(f"a worker failed: {error}") from error
