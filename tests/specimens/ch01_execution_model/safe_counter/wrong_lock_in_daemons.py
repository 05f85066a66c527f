# wrong: takes its lock only in daemon threads  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value, self._lock = start, threading.Lock()

    def add(self, n=1):
        if threading.current_thread().daemon:
            with self._lock:
                self._value += n
        else:
            value = self._value
            self._value = self._sum(value, n)

    @staticmethod
    def _sum(value, n):
        return value + n

    @property
    def value(self):
        return self._value
