# wrong: a thread that nobody tells when the consumer leaves  [test_no_thread_is_left]
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
        items, room = queue.Queue(), threading.BoundedSemaphore(self.depth)

        def produce():
            for start in range(0, len(self.dataset), self.batch_size):
                room.acquire()
                indices = range(start, min(start + self.batch_size, len(self.dataset)))
                try:
                    items.put(([self.dataset[i] for i in indices], None))
                except Exception as error:
                    items.put((None, error))
                    return

        threading.Thread(target=produce, daemon=True).start()
        for _ in range(len(self)):
            batch, error = items.get()
            if error is not None:
                raise error
            room.release()
            yield batch
            del batch
