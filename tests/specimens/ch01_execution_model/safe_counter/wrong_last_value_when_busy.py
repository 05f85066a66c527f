# wrong: a reader that finds the lock taken gets the value of the last read  [test_reads_while_threads_add]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._total = self._last = start
        self._lock = threading.Lock()

    def add(self, n=1):
        with self._lock:
            self._total += n

    @property
    def value(self):
        if self._lock.acquire(blocking=False):
            self._last = self._total
            self._lock.release()
        return self._last
