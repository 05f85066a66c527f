# right: a generator over a Queue of limited size, emptied by a callback of an ExitStack
from __future__ import annotations

import contextlib
import queue


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize must be 1 or more, got {buffersize}")
    return _stream(executor, function, iter(items), buffersize)


def _stream(executor, function, items, buffersize):
    futures: queue.Queue = queue.Queue(buffersize)

    def cancel():
        with contextlib.suppress(queue.Empty):
            while True:
                futures.get_nowait().cancel()

    broken = None
    ended = False
    with contextlib.ExitStack() as stack:
        stack.callback(cancel)
        while True:
            while not ended and not futures.full():
                try:
                    item = next(items)
                except StopIteration:
                    ended = True
                except BaseException as error:
                    ended, broken = True, error
                else:
                    futures.put_nowait(executor.submit(function, item))
                    del item
            if futures.empty():
                break
            if broken is not None:
                raise broken
            yield futures.get_nowait().result()
        if broken is not None:
            raise broken
