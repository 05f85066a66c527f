# wrong: two locks, taken in another order by readers and writers  [test_reads_while_threads_add]
import threading
import time


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._first, self._second = threading.Lock(), threading.Lock()

    def add(self, n=1):
        with self._first:
            time.sleep(0)
            with self._second:
                self._value += n

    @property
    def value(self):
        with self._second:
            time.sleep(0)
            with self._first:
                return self._value
