# wrong: makes 4096 values ahead  [test_holds_no_list]
from __future__ import annotations


class CountUp:
    def __init__(self, limit: int) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit must be an int")
        self.limit = limit
        self.n = 0
        self._ahead = []

    def __iter__(self) -> CountUp:
        return self

    def __next__(self) -> int:
        if not self._ahead:
            stop = min(self.limit, self.n + 4096)
            self._ahead = list(range(stop, self.n, -1))
            self.n = max(self.n, stop)
        if not self._ahead:
            raise StopIteration
        return self._ahead.pop()
