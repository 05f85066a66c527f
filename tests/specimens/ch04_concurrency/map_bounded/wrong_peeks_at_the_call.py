# wrong: begins at the call and looks one item further, to know whether there is more  [test_looks_ahead_no_further]
from collections import deque

_END = object()


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize={buffersize}")
    source, pending, trouble = iter(items), deque(), []
    ahead = _END

    def fill(ahead):
        while ahead is not _END and len(pending) < buffersize:
            pending.append(executor.submit(function, ahead))
            ahead = next(source, _END)
        return ahead

    try:
        ahead = fill(next(source, _END))
    except Exception as error:
        trouble.append(error)

    def results(ahead):
        try:
            if trouble:
                raise trouble.pop()
            while True:
                ahead = fill(ahead)
                if not pending:
                    return
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    return results(ahead)
