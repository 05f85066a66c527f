# wrong: looks for an error of the thread before it hands over  [test_error_at_its_own_batch]
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
        out, errors = queue.Queue(), []
        room, gone = threading.Semaphore(self.depth), threading.Event()

        def produce():
            try:
                for start in range(0, len(self.dataset), self.batch_size):
                    room.acquire()
                    if gone.is_set():
                        return
                    stop = min(start + self.batch_size, len(self.dataset))
                    out.put([self.dataset[i] for i in range(start, stop)])
            except Exception as error:
                errors.append(error)
            out.put(None)

        thread = threading.Thread(target=produce)
        thread.start()
        try:
            while True:
                batch = out.get()
                if errors or (batch is None):
                    break
                room.release()
                yield batch
            thread.join()
            if errors:
                raise errors[0]
        finally:
            gone.set()
            room.release()
