# wrong: keeps the count by id(self), which the next object may have  [test_keeps_its_progress]
from __future__ import annotations

_counts: dict[int, int] = {}


class CountUp:
    def __init__(self, limit: int) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit must be an int")
        self.limit = limit
        _counts.setdefault(id(self), 0)

    def __iter__(self) -> CountUp:
        return self

    def __next__(self) -> int:
        if _counts[id(self)] >= self.limit:
            raise StopIteration
        _counts[id(self)] += 1
        return _counts[id(self)]
