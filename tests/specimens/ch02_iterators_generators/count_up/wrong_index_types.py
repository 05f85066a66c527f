# wrong: takes whatever has __index__, as np.int64 does  [test_refuses_what_is_no_int]
import operator


class CountUp:
    def __init__(self, limit):
        if isinstance(limit, bool):
            raise TypeError("limit is a bool")
        self._numbers = iter(range(1, operator.index(limit) + 1))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._numbers)
