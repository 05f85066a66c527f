# wrong: each call makes a lock that nobody else knows  [test_nothing_is_lost]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start

    def add(self, n=1):
        with threading.Lock():
            self._value += n

    @property
    def value(self):
        with threading.Lock():
            return self._value
