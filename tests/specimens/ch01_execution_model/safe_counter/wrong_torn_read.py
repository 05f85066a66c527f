# wrong: takes the total out while it adds, and readers do not wait  [test_reads_while_threads_add]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._lock = threading.Lock()
        self._total = start

    def add(self, n=1):
        with self._lock:
            total, self._total = self._total, 0
            self._total = total + n

    @property
    def value(self):
        return self._total
