# wrong: every thread sees what it added itself only  [test_many_threads]
import threading


class SafeCounter(threading.local):
    def __init__(self, start=0):
        self._value = start

    def add(self, n=1):
        self._value += n

    @property
    def value(self):
        return self._value
