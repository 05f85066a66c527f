# wrong: computes outside the lock, only writes under it  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._lock = threading.Lock()

    def add(self, n=1):
        total = self._value + n
        with self._lock:
            self._value = total

    @property
    def value(self):
        with self._lock:
            return self._value
