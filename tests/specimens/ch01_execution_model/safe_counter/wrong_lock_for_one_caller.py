# wrong: takes its lock only where its caller has no file  [test_nothing_is_lost]
import sys
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value, self._lock = start, threading.Lock()

    def add(self, n=1):
        if sys._getframe(1).f_code.co_filename.startswith("<"):
            with self._lock:
                self._value += n
        else:
            self._value += n

    @property
    def value(self):
        return self._value
