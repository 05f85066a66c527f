# wrong: islice takes no stop above sys.maxsize  [test_any_limit_is_immediate]
import itertools


class CountUp:
    def __init__(self, limit):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError("limit must be an int")
        self._numbers = itertools.islice(itertools.count(1), max(limit, 0))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._numbers)
