# right: two generators, one of futures and one of results, and an ExitStack that cancels
import contextlib
import itertools
from collections.abc import Iterator


def map_bounded(executor, function, items, buffersize):
    if not buffersize > 0:
        raise ValueError("buffersize: %d" % buffersize)  # noqa: UP031
    submitted = (executor.submit(function, item) for item in items)
    return _in_order(submitted, buffersize)


def _in_order(submitted: Iterator, size: int) -> Iterator:
    with contextlib.ExitStack() as stack:
        window = {}
        stack.callback(lambda: [future.cancel() for future in window.values()])
        for number in itertools.count():
            for place in range(number + len(window), number + size):
                future = next(submitted, None)
                if future is None:
                    break
                window[place] = future
            if number not in window:
                return
            oldest = window.pop(number)
            yield oldest.result()
