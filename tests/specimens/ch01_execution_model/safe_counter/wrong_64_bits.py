# wrong: keeps the number in 64 bits of shared memory  [test_counts]
import multiprocessing


class SafeCounter:
    def __init__(self, start=0):
        self._number = multiprocessing.Value("q", start)

    def add(self, n=1):
        with self._number.get_lock():
            self._number.value += n

    @property
    def value(self):
        return self._number.value
