# wrong: pieces on their way to the total lie nowhere  [test_reads_while_threads_add]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._lock = threading.Lock()
        self._total = start
        self._pending = []

    def add(self, n=1):
        self._pending.append(n)
        if len(self._pending) >= 16:
            with self._lock:
                pending, self._pending = self._pending, []
                self._total += sum(pending)

    @property
    def value(self):
        return self._total + sum(self._pending)
