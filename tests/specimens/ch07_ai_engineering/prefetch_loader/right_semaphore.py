# right: a thread of its own, a queue, a semaphore taken before loading, and an event to stop it
import queue
import threading


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError(f"batch_size={batch_size!r} and depth={depth!r} must be positive")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def _produce(self, out, allowed, leave):
        try:
            for number in range(len(self)):
                allowed.acquire()
                if leave.is_set():
                    return
                first = number * self.batch_size
                last = min(first + self.batch_size, len(self.dataset))
                out.put(("batch", [self.dataset[k] for k in range(first, last)]))
        except Exception as error:
            out.put(("error", error))
        else:
            out.put(("end", None))

    def __iter__(self):
        out, leave = queue.SimpleQueue(), threading.Event()
        allowed = threading.Semaphore(self.depth)
        worker = threading.Thread(target=self._produce, args=(out, allowed, leave), daemon=True)
        worker.start()
        try:
            while True:
                kind, value = out.get()
                if kind == "error":
                    raise value
                if kind == "end":
                    return
                allowed.release()
                yield value
                del value
        finally:
            leave.set()
            allowed.release()
