# right: submits the next before it waits for the oldest; a list as a ring
def _run(executor, function, source, buffersize):
    ring = [None] * buffersize
    filled = 0
    exhausted = object()
    try:
        for place in range(buffersize):
            item = next(source, exhausted)
            if item is exhausted:
                break
            ring[place] = executor.submit(function, item)
            filled += 1
        head = 0
        while filled:
            future, ring[head] = ring[head], None
            item = next(source, exhausted)
            if item is exhausted:
                filled -= 1
            else:
                ring[head] = executor.submit(function, item)
            head = (head + 1) % buffersize
            result = future.result()
            del future, item
            yield result
            del result
    finally:
        for future in ring:
            if future is not None:
                future.cancel()


def map_bounded(executor, function, items, buffersize, *, name="map_bounded"):
    if buffersize < 1:
        raise ValueError(f"{name}: buffersize must be 1 or more, not {buffersize}")
    return _run(executor, function, iter(items), buffersize)
