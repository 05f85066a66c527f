# wrong: a thread with a queue of depth holds one batch more  [test_loads_while_you_work]
import contextlib
import queue
import threading


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        line, gone = queue.Queue(maxsize=self.depth), threading.Event()

        def put(entry):
            while not gone.is_set():
                with contextlib.suppress(queue.Full):
                    line.put(entry, timeout=0.02)
                    return

        def produce():
            try:
                for start in range(0, len(self.dataset), self.batch_size):
                    stop = min(start + self.batch_size, len(self.dataset))
                    put((1, [self.dataset[i] for i in range(start, stop)]))
                    if gone.is_set():
                        return
                put((0, None))
            except Exception as error:
                put((2, error))

        threading.Thread(target=produce).start()
        try:
            while True:
                kind, value = line.get()
                if kind == 0:
                    return
                if kind == 2:
                    raise value
                yield value
                del value
        finally:
            gone.set()
