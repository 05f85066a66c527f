# wrong: is told of the end, and waits for ever with a batch that no one takes  [test_no_thread_is_left]
import queue
import threading


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def _load(self, number):
        start = self.batch_size * number
        stop = min(start + self.batch_size, len(self.dataset))
        return [self.dataset[i] for i in range(start, stop)]

    def __iter__(self):
        out, room, gone = queue.Queue(), threading.Semaphore(self.depth + 1), threading.Event()

        def work():
            for number in range(len(self)):
                if gone.is_set():
                    return
                room.acquire()
                if gone.is_set():
                    return
                try:
                    out.put((self._load(number), None))
                except Exception as error:
                    out.put((None, error))
                    return

        threading.Thread(target=work, daemon=True).start()
        try:
            for number in range(len(self)):
                if number:
                    room.release()
                batch, error = out.get()
                if error:
                    raise error
                yield batch
                del batch
        finally:
            gone.set()
