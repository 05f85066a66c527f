# wrong: makes its lock by the first call, so two threads may make two  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._lock = None

    def add(self, n=1):
        if self._lock is None:
            self._lock = threading.Lock()
        with self._lock:
            self._value += n

    @property
    def value(self):
        return self._value
