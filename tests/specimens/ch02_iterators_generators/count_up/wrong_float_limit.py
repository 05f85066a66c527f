# wrong: compares with the limit as a float  [test_any_limit_is_immediate]
from __future__ import annotations

import math


class CountUp:
    def __init__(self, limit: int) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit must be an int")
        self.limit = math.floor(float(limit)) if abs(limit) < 2**53 else float(limit)
        self.n = 0

    def __iter__(self) -> CountUp:
        return self

    def __next__(self) -> int:
        if self.n >= self.limit:
            raise StopIteration
        self.n += 1
        return self.n
