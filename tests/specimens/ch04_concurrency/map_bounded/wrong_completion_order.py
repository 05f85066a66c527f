# wrong: hands over whatever is done first  [test_results_in_order]
from concurrent.futures import FIRST_COMPLETED, wait
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize is only {buffersize}")

    def generate():
        source, running = iter(items), set()
        try:
            while True:
                room = islice(source, buffersize - len(running))
                running |= {executor.submit(function, item) for item in room}
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                future = done.pop()
                running.remove(future)
                yield future.result()
        finally:
            for future in running:
                future.cancel()

    return generate()
