# wrong: counts in floats, which are exact up to 2**53 only  [test_counts]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._lock = threading.Lock()
        self._total = float(start)

    def add(self, n=1):
        with self._lock:
            self._total += n

    @property
    def value(self):
        return int(self._total)
