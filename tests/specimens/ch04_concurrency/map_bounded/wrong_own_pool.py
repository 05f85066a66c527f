# wrong: the calls run in a pool of its own  [test_results_in_order]
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize={buffersize}")
    source = iter(items)

    def results():
        pending = deque()
        with ThreadPoolExecutor(buffersize) as pool:
            try:
                while True:
                    for item in islice(source, buffersize - len(pending)):
                        pending.append(pool.submit(function, item))
                    if not pending:
                        return
                    yield pending.popleft().result()
            finally:
                for future in pending:
                    future.cancel()

    return results()
