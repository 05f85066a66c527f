# wrong: a lock for each thread excludes nobody  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._mine = threading.local()

    def add(self, n=1):
        if not hasattr(self._mine, "lock"):
            self._mine.lock = threading.Lock()
        with self._mine.lock:
            self._value += n

    @property
    def value(self):
        return self._value
