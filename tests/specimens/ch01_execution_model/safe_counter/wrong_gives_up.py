# wrong: a try-lock that gives up: the addition is dropped  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._lock = threading.Lock()

    def add(self, n=1):
        if self._lock.acquire(timeout=0):
            self._value += n
            self._lock.release()

    @property
    def value(self):
        return self._value
