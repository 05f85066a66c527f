# wrong: a list of all the futures there ever were  [test_keeps_nothing]
def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize was {buffersize}")
    return _generate(executor, function, iter(items), buffersize)


def _generate(executor, function, source, buffersize):
    futures = []
    position = 0
    try:
        while True:
            while len(futures) < position + buffersize:
                try:
                    item = next(source)
                except StopIteration:
                    break
                futures.append(executor.submit(function, item))
            if position == len(futures):
                return
            position += 1
            yield futures[position - 1].result()
    finally:
        for future in futures[position:]:
            future.cancel()
