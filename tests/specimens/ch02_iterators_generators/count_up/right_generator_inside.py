# right: a generator does the counting, collections.abc supplies __iter__
from collections.abc import Iterator


class CountUp(Iterator):
    def __init__(self, limit: int):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit must be an int, got " + repr(limit))
        self._values = self._count(limit)

    @staticmethod
    def _count(limit):
        n = 1
        while n <= limit:
            yield n
            n += 1

    def __next__(self):
        return next(self._values)
