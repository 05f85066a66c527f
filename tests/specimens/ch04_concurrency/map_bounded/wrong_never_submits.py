# wrong: a lazy map in the calling thread; the executor gets no work  [test_calls_overlap]
def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize={buffersize}")

    def results():
        for item in items:
            yield function(item)

    return results()
