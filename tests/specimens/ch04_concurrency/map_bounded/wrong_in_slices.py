# wrong: fills the buffer only when all of it has been handed over  [test_calls_overlap]
def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, got {buffersize}")

    def gen():
        it = iter(items)
        pending = []
        try:
            while True:
                for x in it:
                    pending.append(executor.submit(function, x))
                    if len(pending) == buffersize:
                        break
                if not pending:
                    return
                while pending:
                    yield pending.pop(0).result()
        finally:
            for f in pending:
                f.cancel()

    return gen()
