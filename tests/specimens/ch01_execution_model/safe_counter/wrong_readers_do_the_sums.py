# wrong: readers do the sums, two at once perhaps  [test_reads_while_threads_add]
from collections import deque


class SafeCounter:
    def __init__(self, start=0):
        self._total = start
        self._come = deque()

    def add(self, n=1):
        self._come.append(n)

    @property
    def value(self):
        while self._come:
            self._total += self._come.popleft()
        return self._total
