# wrong: only reading takes the lock  [test_nothing_is_lost]
from threading import Lock


class SafeCounter:
    def __init__(self, start=0):
        self._lock, self._count = Lock(), start

    def add(self, n=1):
        self._count += n

    @property
    def value(self):
        with self._lock:
            return self._count
