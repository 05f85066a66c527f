# wrong: an exception of the items ends the results  [test_error_of_the_items]
from collections import deque


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize={buffersize}")
    source = iter(items)

    def results():
        pending = deque()
        more = True
        try:
            while True:
                while more and len(pending) < buffersize:
                    try:
                        pending.append(executor.submit(function, next(source)))
                    except Exception:
                        more = False
                if not pending:
                    return
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    return results()
