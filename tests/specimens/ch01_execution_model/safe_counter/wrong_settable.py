# wrong: value is an ordinary attribute  [test_value_is_read_only]
import threading


class SafeCounter:
    def __init__(self, start=0):
        self.value = start
        self.lock = threading.Lock()

    def add(self, n=1):
        with self.lock:
            self.value += n
