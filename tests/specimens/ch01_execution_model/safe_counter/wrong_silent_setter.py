# wrong: assigning is ignored without a word  [test_value_is_read_only]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self._value = start
        self._lock = threading.Lock()

    def add(self, n=1):
        with self._lock:
            self._value += n

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, new):
        pass
