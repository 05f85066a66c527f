# right: a thread of the counter's own does the sums, from a queue
import queue
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._total = start
        self._inbox = queue.SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            n, done = self._inbox.get()
            self._total += n
            done.set()

    def add(self, n=1):
        done = threading.Event()
        self._inbox.put((n, done))
        done.wait()

    @property
    def value(self) -> int:
        return self._total
