# wrong: the total belongs to the class  [test_counters_are_independent]
import threading


class SafeCounter:
    _lock = threading.Lock()
    _added = 0

    def __init__(self, start=0):
        self._start = start

    def add(self, n=1):
        with SafeCounter._lock:
            SafeCounter._added += n

    @property
    def value(self):
        return self._start + SafeCounter._added
