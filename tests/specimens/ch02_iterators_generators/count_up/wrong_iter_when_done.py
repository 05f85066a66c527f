# wrong: once it is exhausted, iter(c) is an empty iterator  [test_is_its_own_iterator]
from __future__ import annotations


class CountUp:
    def __init__(self, limit: int) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit must be an int")
        self.limit = limit
        self.n = 0

    def __iter__(self) -> CountUp:
        if self.n >= self.limit:
            return iter(())
        return self

    def __next__(self) -> int:
        if self.n >= self.limit:
            raise StopIteration
        self.n += 1
        return self.n
