# wrong: adds 1 for 0  [test_counts]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._lock = threading.Lock()

    def add(self, n=None):
        with self._lock:
            self._value += n or 1

    @property
    def value(self):
        return self._value
